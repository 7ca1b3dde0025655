import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { methods } from '../../main/algorithms/index.ts'
import { pageOf } from '../../main/algorithms/page.ts'

const folder = join(import.meta.dirname, '../../docs/algorithms')

describe('the pages of the methods (mend with `node docs/generate.ts`)', () => {
  it.each(methods.map((method) => [method.id, method] as const))('%s is as declared', (id, method) => {
    const path = join(folder, `${id}.md`)
    expect(existsSync(path) && readFileSync(path, 'utf8')).toBe(pageOf(method))
  })

  it('are those of the registry and no more', () => {
    expect(readdirSync(folder).sort()).toEqual(methods.map(({ id }) => `${id}.md`).sort())
  })

  it('tell name, title, values, default and meaning of each parameter', () => {
    const page = pageOf({
      id: 'one',
      role: 'restorer',
      title: 'One',
      summary: 'Does one thing.',
      paper: { title: 'On One', year: 2001, link: 'https://example.org/one' },
      params: z.object({
        steps: z.int().min(1).max(9).default(3).meta({ title: 'Steps', description: 'How many.' }),
        kind: z.enum(['soft', 'hard']),
      }),
      needs: { net: 'posterior-mean' },
    })
    expect(page).toContain('| `steps` | Steps | whole number from 1 to 9 | `3` | How many. |')
    expect(page).toContain('| `kind` |  | `soft`, `hard` | needed |  |')
    expect(page).toContain('[On One](https://example.org/one), 2001')
    expect(page).toContain('- `net`: a model of the role `posterior-mean`')
  })
})
