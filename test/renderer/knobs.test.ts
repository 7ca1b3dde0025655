import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { MethodCard } from '../../preload/contract/catalog.ts'
import { beginningAt, knobs, standOf } from '../../renderer/panels/knobs/knobs.ts'
import { chosenParams, useSettings } from '../../renderer/panels/knobs/settings.ts'

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
      { id: 'steps', title: 'Steps', tip: 'How far it goes.', kind: 'range', min: 1, max: 50, step: 1, initial: 25, isOpen: false },
      { id: 'strength', title: 'Strength', tip: undefined, kind: 'range', min: 0, max: 0.3, step: 0.002, initial: 0.1, isOpen: false },
      {
        id: 'fromPosition',
        title: 'From position',
        tip: undefined,
        kind: 'choice',
        options: [
          { value: 'left', title: 'Left' },
          { value: 'right', title: 'Right' },
        ],
        initial: 'right',
      },
      { id: 'keepGrain', title: 'Keep grain', tip: undefined, kind: 'switch', initial: true },
      { id: 'tile', title: 'Tile', tip: undefined, kind: 'range', min: 192, max: 1024, step: 1, initial: 512, isOpen: false },
    ])
  })

  test.each([
    [0, 1, 0.01],
    [0.02, 1, 0.01],
    [1, 20, 0.1],
    [0, 256, 2],
  ])('a number from %d to %d goes in steps of %d', (least, most, step) => {
    expect(knobs(z.toJSONSchema(z.object({ much: z.number().min(least).max(most) })))[0]).toMatchObject({ step })
  })

  test('what has no natural control keeps its method’s default', () => {
    const schema = z.toJSONSchema(z.object({ free: z.number(), maybe: z.number().nullable().default(null) }))
    expect(knobs(schema)).toEqual([])
    expect(knobs({ type: 'string' })).toEqual([])
  })

  test('a number that may be left open can be put back to that', () => {
    const schema = z.toJSONSchema(
      z.object({ noise: z.number().min(0).max(0.3).nullable().default(null).meta({ title: 'Noise', description: 'How much.' }) }),
    )
    const [noise] = knobs(schema)
    expect(noise).toEqual({
      ...{ id: 'noise', title: 'Noise', tip: 'How much.' },
      ...{ kind: 'range', min: 0, max: 0.3, step: 0.002, initial: null, isOpen: true },
    })
    if (!noise) return
    expect([null, 0.1, 0.4].map((value) => standOf(noise, value))).toEqual([null, 0.1, null])
    expect(beginningAt([noise], { noise: 0.2 })[0]).toMatchObject({ initial: 0.2 })
  })

  test('words become a field, of one line or more', () => {
    const schema = z.toJSONSchema(
      z.object({
        prompt: z.string().max(300).default('').meta({ title: 'What it shall be', description: 'In words.', multiline: true }),
        name: z.string().default('me'),
      }),
    )
    expect(knobs(schema)).toEqual([
      { id: 'prompt', title: 'What it shall be', tip: 'In words.', kind: 'text', multiline: true, limit: 300, initial: '' },
      { id: 'name', title: 'Name', tip: undefined, kind: 'text', multiline: false, limit: 2000, initial: 'me' },
    ])
  })

  test('a choice is called as it calls itself, then as the method it names, then by its id', () => {
    const schema = z.toJSONSchema(z.object({ solver: z.enum(['unipc', 'dpm-ot']).default('unipc') }))
    const [knob] = knobs(schema, (id) => (id === 'unipc' ? 'UniPC' : undefined))
    expect(knob?.kind === 'choice' && knob.options.map(({ title }) => title)).toEqual(['UniPC', 'Dpm ot'])
    const own = { properties: { side: { anyOf: [{ const: 'l', title: 'Links' }, { const: 'r' }] } } }
    expect(knobs(own)).toEqual([
      {
        id: 'side',
        title: 'Side',
        tip: undefined,
        kind: 'choice',
        options: [
          { value: 'l', title: 'Links' },
          { value: 'r', title: 'R' },
        ],
        initial: 'l',
      },
    ])
  })
})

describe('knobs that begin where a model wants them', () => {
  const schema = z.toJSONSchema(
    z.object({
      steps: z.int().min(1).max(150).default(20),
      guidance: z.number().min(1).max(20).default(7),
      solver: z.enum(['unipc', 'euler']).default('unipc'),
      check: z.boolean().default(false),
      negative: z.string().max(8).default(''),
    }),
    { io: 'input' },
  )
  const method = { id: 'from-words', role: 'imagination', title: '', summary: '', params: schema } as unknown as MethodCard
  const { set } = useSettings.getState()

  test('each as far as it goes there; what it cannot do, and what it has not, is left', () => {
    const beginnings = (usual: Record<string, unknown>) => beginningAt(knobs(schema), usual).map(({ initial }) => initial)
    expect(beginnings({ steps: 4, guidance: 1, solver: 'euler', check: true, negative: 'blur' })).toEqual([4, 1, 'euler', true, 'blur'])
    expect(beginnings({ steps: 2.5, guidance: 99, solver: 'none', check: 1, negative: 'far too long', zeal: 3 })).toEqual(beginnings({}))
  })

  test('another model takes along the knobs that nobody has turned, and only those', () => {
    const quick = { steps: 4, guidance: 1 }
    expect(chosenParams(method, quick)).toMatchObject({ steps: 4, guidance: 1, solver: 'unipc' })
    set(method.id, 'steps', 6)
    expect(chosenParams(method, quick)).toMatchObject({ steps: 6, guidance: 1 })
    expect(chosenParams(method, { steps: 30, guidance: 4 })).toMatchObject({ steps: 6, guidance: 4 })
    set(method.id, 'steps', undefined)
    expect(chosenParams(method, { steps: 30, guidance: 4 })).toMatchObject({ steps: 30, guidance: 4 })
    expect(chosenParams(method)).toMatchObject({ steps: 20, guidance: 7 })
  })

  test('a knob that was turned where it does not go stands where it begins', () => {
    set(method.id, 'steps', 1000)
    set(method.id, 'solver', 'gone')
    expect(chosenParams(method)).toMatchObject({ steps: 20, solver: 'unipc' })
  })
})
