import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { knobs } from '../../renderer/panels/restore/knobs.ts'

describe('knobs from a schema', () => {
  test('numbers with bounds, choices and switches become controls with their words', () => {
    const schema = z.toJSONSchema(
      z.object({
        steps: z.int().min(1).max(50).default(25).meta({ title: 'Steps', description: 'How far it goes.' }),
        strength: z.number().min(0).max(0.3).default(0.1),
        fromPosition: z.enum(['left', 'right']).default('right'),
        keepGrain: z.boolean().default(true),
        tile: z.int().min(192).max(1024).default(512),
      }),
    )
    expect(knobs(schema)).toEqual([
      { id: 'steps', title: 'Steps', tip: 'How far it goes.', kind: 'range', min: 1, max: 50, step: 1, initial: 25 },
      { id: 'strength', title: 'Strength', tip: undefined, kind: 'range', min: 0, max: 0.3, step: 0.002, initial: 0.1 },
      {
        id: 'fromPosition',
        title: 'From position',
        tip: undefined,
        kind: 'choice',
        options: ['left', 'right'],
        initial: 'right',
      },
      { id: 'keepGrain', title: 'Keep grain', tip: undefined, kind: 'switch', initial: true },
      { id: 'tile', title: 'Tile', tip: undefined, kind: 'range', min: 192, max: 1024, step: 1, initial: 512 },
    ])
  })

  test('what has no natural control keeps its method’s default', () => {
    const schema = z.toJSONSchema(z.object({ free: z.number(), maybe: z.number().min(0).max(1).nullable().default(null) }))
    expect(knobs(schema)).toEqual([])
    expect(knobs({ type: 'string' })).toEqual([])
  })
})
