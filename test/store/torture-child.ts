import { createHash } from 'node:crypto'
import { writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Document, LayerId, ProjectState, RevisionId } from '../../preload/contract/index.ts'
import { type CommandInput, testStudio } from '../kit/project.ts'

/*
 * Applies random commands to a project for as long as it lives, telling on stdout, before each, what it is about to do,
 * and after each, where the project then stands. Somebody else kills it. Begins when anything arrives on stdin: "SEED FILE".
 */

/** mulberry32: a small generator of numbers in [0, 1). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export const digestOf = (document: Document): string => createHash('sha256').update(JSON.stringify(document)).digest('hex')

const tell = (message: unknown) => writeSync(1, `${JSON.stringify(message)}\n`)

function nextCommand(state: ProjectState, chance: () => number, path: string): CommandInput {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(chance() * values.length)]
  const { layers } = state.document
  const layer = layers.length > 0 ? pick(layers).id : ('none' as LayerId)
  const at = () => Math.floor(chance() * 700)
  const brush = { size: 1, hardness: 1, opacity: 1, color: [at() % 256, at() % 256, 7] as [number, number, number], erase: chance() < 0.3 }
  const roll = chance()
  if (layers.length === 0 || roll < 0.08) return { type: 'layer.add' }
  if (roll < 0.45) return { type: 'stroke.paint', layer, target: 'pixels', brush, points: [[at(), at(), 1], [at(), at(), 1]] } // biome-ignore format: one line a command
  if (roll < 0.55) return { type: 'layer.set', layer, change: { opacity: chance() } }
  if (roll < 0.6) return { type: 'layer.translate', layer, dx: at() - 350, dy: at() - 350 }
  if (roll < 0.64) return { type: 'mask.add', layer, rest: 255 }
  if (roll < 0.67 && layers.length > 4) return { type: 'layer.remove', layer }
  if (roll < 0.7 && layers.length < 6) return { type: 'layer.duplicate', layer }
  if (roll < 0.78) return { type: 'history.undo' }
  if (roll < 0.84) return { type: 'history.redo' }
  if (roll < 0.88) return { type: 'history.jump', revision: (1 + Math.floor(chance() * state.revisions.length)) as RevisionId }
  if (roll < 0.91) return { type: 'version.name', revision: state.head.revision, name: `v${at()}` }
  if (roll < 0.94) return { type: 'layer.restore', layer, method: 'invert', params: { steps: 2, pause: 1 }, seed: at() }
  if (roll < 0.98) return { type: 'project.save', path: join(dirname(path), `saved-${Date.now()}-${at()}`) }
  return { type: 'layer.reorder', layer, index: at() % 5 }
}

if (process.argv[1]?.endsWith('torture-child.ts')) {
  tell({ ready: true })
  process.stdin.once('data', async (line) => {
    const [seed, path] = line.toString().trim().split(' ')
    const chance = random(Number(seed))
    const studio = await testStudio(join(dirname(path), 'data'))
    let state = await studio.client.open({ from: 'path', path })
    tell({ opened: state.file.notes, readOnly: state.file.readOnly })
    for (;;) {
      const command = nextCommand(state, chance, state.file.path ?? path)
      tell({ intent: command })
      const fault = await studio.run(state.file.id, command).then(
        () => null,
        (thrown: Error) => thrown.message,
      )
      state = await studio.state(state.file.id)
      tell({ done: state.head.revision, document: digestOf(state.document), path: state.file.path ?? path, fault })
    }
  })
}
