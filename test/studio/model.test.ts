import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type CommandResult,
  type Document,
  type ProjectId,
  type ProjectState,
  type RevisionId,
  TILE,
} from '../../preload/contract/index.ts'
import { decodeTileIndex, parseTileKey } from '../../preload/contract/tile-index.ts'
import { type CommandInput, type TestStudio, temporaryFolder, testStudio } from '../kit/project.ts'
import { layer as blank, FRAME, Model, type ModelLayer, UNKNOWN } from './model.ts'

type Step =
  | { do: 'add' }
  | { do: 'undo' }
  | { do: 'redo' }
  | { do: 'reopen' }
  | { do: 'paint'; layer: number; x: number; y: number; shade: number; erase: boolean }
  | { do: 'opacity'; layer: number; opacity: number }
  | { do: 'lock' | 'remove' | 'duplicate'; layer: number }
  | { do: 'move'; layer: number; dx: number; dy: number }
  | { do: 'reorder'; layer: number; index: number }
  | { do: 'frame'; x: number; y: number; width: number; height: number }
  | { do: 'imagine'; layer: number; x: number; seed: number }
  | { do: 'jump' | 'version' | 'rerun'; revision: number }

const nth = fc.nat(6)
const corner = fc.integer({ min: -40, max: 40 })
const only = <T extends string>(name: T) => fc.constant(name)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: only('paint'), layer: nth, x: fc.nat(FRAME.width + 20), y: fc.nat(FRAME.height + 20), shade: fc.nat(255), erase: fc.boolean() }) }, // biome-ignore format: a table
  { weight: 2, arbitrary: fc.constantFrom<Step>({ do: 'add' }, { do: 'undo' }, { do: 'redo' }, { do: 'undo' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'reopen' }) },
  { weight: 2, arbitrary: fc.record({ do: only('opacity'), layer: nth, opacity: fc.constantFrom(0, 0.5, 1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('lock', 'remove', 'duplicate'), layer: nth }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: only('move'), layer: nth, dx: fc.integer({ min: -300, max: 300 }), dy: fc.integer({ min: -9, max: 9 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: only('reorder'), layer: nth, index: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('jump', 'version'), revision: fc.nat(30) }) },
  { weight: 4, arbitrary: fc.record({ do: only('rerun'), revision: fc.nat(30) }) },
  { weight: 4, arbitrary: fc.record({ do: only('imagine'), layer: nth, x: fc.nat(FRAME.width), seed: fc.nat(255) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: only('frame'), x: corner, y: corner, width: fc.integer({ min: 200, max: 400 }), height: fc.constant(280) }),
  },
)

let made = 0

/** The command a step means in the model's state, after the model has taken it; null where there is nothing to do. */
function take(model: Model, step: Exclude<Step, { do: 'reopen' }>): CommandInput | null {
  if (step.do === 'undo' || step.do === 'redo') {
    model[step.do]()
    return { type: `history.${step.do}` }
  }
  if ('revision' in step) {
    if (step.do === 'rerun') {
      const made = model.revisions.flatMap((one, i) => (one.made ? [(i + 1) as RevisionId] : []))
      if (made.length === 0) return null
      const revision = made[step.revision % made.length]
      model.land(model.again(revision)!)
      return { type: 'revision.rerun', revision }
    }
    const revision = ((step.revision % model.revisions.length) + 1) as RevisionId
    if (step.do === 'jump') model.jump(revision)
    else model.revision(revision).version = `v${step.revision}`
    return step.do === 'jump' ? { type: 'history.jump', revision } : { type: 'version.name', revision, name: `v${step.revision}` }
  }
  if (step.do === 'add') {
    const added = blank(`l${++made}`, `Made ${made}`)
    model.change((layers) => layers.push(added) > 0)
    return { type: 'layer.add', layer: added.id, name: added.name }
  }
  if (step.do === 'frame') {
    model.reframe(step)
    const { x, y, width, height } = step
    return { type: 'document.frame', x, y, width, height }
  }
  if (model.layers.length === 0) return null
  const at = step.layer % model.layers.length
  const { id } = model.layers[at]
  const free = (work: (layer: ModelLayer, layers: ModelLayer[]) => void) => (layers: ModelLayer[]) => {
    if (layers[at].locked) return false
    work(layers[at], layers)
    return true
  }
  switch (step.do) {
    case 'paint': {
      const inside = step.x < model.frame.width && step.y < model.frame.height
      model.change(
        free((layer) => {
          const key = `${step.x - layer.x},${step.y - layer.y}`
          layer.isPainted = true
          if (inside && step.erase) delete layer.dots[key]
          else if (inside) layer.dots[key] = `${step.shade},1,2,255`
        }),
        true,
      )
      const color: [number, number, number] = [step.shade, 1, 2]
      const brush = { size: 1, hardness: 1, opacity: 1, color, erase: step.erase }
      return { type: 'stroke.paint', layer: id, target: 'pixels', brush, points: [[step.x, step.y, 1]] }
    }
    case 'imagine': {
      const source = model.layers[at]
      if (!source.isPainted) return null
      const { x, seed } = step
      const dots = Object.entries(source.dots).map(([key, color]) => {
        const column = Number(key.split(',')[0]) + source.x
        return [key, column >= x && column < x + 50 ? inverted(color, seed) : color] as const
      })
      const layer = { ...blank(UNKNOWN, `${source.name}, a hat`), x: source.x, y: source.y, isPainted: true }
      model.land({ source: id, layer: { ...layer, dots: Object.fromEntries(dots) } })
      const region = { from: 'rectangle', x, y: -1000, width: 50, height: 3000 } as const
      const objects = [{ region, becomes: 'a hat' }]
      return { type: 'picture.imagine', method: 'fill', model: 'tiny', layer: id, objects, params: {}, seed }
    }
    case 'opacity':
      model.change(free((layer) => (layer.opacity = step.opacity)))
      return { type: 'layer.set', layer: id, change: { opacity: step.opacity } }
    case 'lock': {
      const locked = !model.layers[at].locked
      model.change((layers) => (layers[at].locked = locked) || true)
      return { type: 'layer.set', layer: id, change: { locked } }
    }
    case 'remove':
      model.change(free((_, layers) => layers.splice(at, 1)))
      return { type: 'layer.remove', layer: id }
    case 'duplicate': {
      const copy = blank(`l${++made}`, '')
      model.change((layers) => {
        const source = structuredClone(layers[at])
        layers.splice(at + 1, 0, { ...source, id: copy.id, name: `${source.name} copy`, locked: false })
        return true
      })
      return { type: 'layer.duplicate', layer: id, copy: copy.id }
    }
    case 'move': {
      const { dx, dy } = step
      model.change(free((layer) => layer.isPainted && Object.assign(layer, { x: layer.x + dx, y: layer.y + dy })))
      return { type: 'layer.translate', layer: id, dx, dy }
    }
    case 'reorder':
      model.change((layers) => layers.splice(Math.min(step.index, layers.length - 1), 0, ...layers.splice(at, 1)) !== undefined)
      return { type: 'layer.reorder', layer: id, index: step.index }
    default:
      return step satisfies never
  }
}

/** A colour as the tiny engine imagines it. */
function inverted(color: string, seed: number): string {
  const [r, g, b, a] = color.split(',').map(Number)
  return [...[r, g, b].map((value) => (255 - value + seed) % 256), a].join()
}

/** What a real document shows, in the model's words. */
function shown(document: Document, blobs: { get(id: never): Uint8Array }): Omit<ModelLayer, 'x' | 'y'>[] {
  return document.layers.map(({ id, name, opacity, locked, pixels }) => {
    const dots: Record<string, string> = {}
    for (const [key, tile] of pixels ? decodeTileIndex(blobs.get(pixels.index as never)).tiles : []) {
      const { column, row } = parseTileKey(key)
      const colors = new Uint32Array(new Uint8Array(blobs.get(tile as never)).buffer)
      for (let i = colors.findIndex((color) => color !== 0); i >= 0 && i < colors.length; i++) {
        const c = colors[i]
        const at = `${column * TILE + (i % TILE) + pixels!.x},${row * TILE + Math.floor(i / TILE) + pixels!.y}`
        if (c !== 0) dots[at] = [c & 255, (c >> 8) & 255, (c >> 16) & 255, c >>> 24].join()
      }
    }
    return { id, name, opacity, locked, isPainted: pixels !== null, dots }
  })
}

/** The model's layers with dots where they lie in the document. */
const expected = (layers: ModelLayer[]) =>
  layers.map(({ x, y, dots, ...rest }) => {
    const placed = Object.entries(dots).map(([key, color]) => {
      const [column, row] = key.split(',').map(Number)
      return [`${column + x},${row + y}`, color]
    })
    return { ...rest, dots: Object.fromEntries(placed) }
  })

function expectHistory(state: ProjectState, model: Model) {
  expect({ branch: state.head.branch, revision: state.head.revision }).toEqual(model.head)
  expect(state.head.canUndo).toBe(model.revision(model.head.revision).parent !== null)
  expect(state.head.canRedo).toBe(model.path(model.head.branch)[0] !== model.head.revision)
  expect(state.revisions.map(({ parent, branch, version }) => ({ parent, branch, version }))).toEqual(
    model.revisions.map(({ parent, branch, version }) => ({ parent, branch, version })),
  )
  expect(state.branches.map(({ name, tip }) => ({ name, tip }))).toEqual(model.branches)
}

async function begin(folder: string): Promise<{ studio: TestStudio; state: ProjectState }> {
  const studio = await testStudio(folder)
  return { studio, state: await studio.size(FRAME.width, FRAME.height) }
}

/** Takes over the id of a layer that the studio named, and hears what a repetition says of itself. */
async function nameMade(studio: TestStudio, project: ProjectId, model: Model, { revision, notes }: CommandResult) {
  const { document } = await studio.client.revision({ project, revision: revision! })
  const at = model.layers.findIndex(({ id }) => id === UNKNOWN)
  model.layers[at].id = document.layers[at].id
  if (notes.length > 1) expect(notes[1]).toBe('The result is the same as the first time, byte for byte.')
}

test('any sequence of commands, undo, redo, branch, jump, close and reopen gives what the model gives', { timeout: 900_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }), async (steps) => {
      using folder = temporaryFolder()
      let { studio, state } = await begin(folder.path)
      const project = state.file.id
      try {
        const model = new Model()
        model.revisions[0].layers[0].id = state.document.layers[0].id
        for (const one of [...steps, { do: 'reopen' } as const]) {
          if (one.do === 'reopen') {
            await studio.stop()
            studio = await testStudio(folder.path)
            state = await studio.client.open({ from: 'recent', project })
            expectHistory(state, model)
            continue
          }
          const command = take(model, one)
          if (!command) continue
          const result = await studio.run(project, command).catch((thrown) => void expect(thrown.fault.kind).toBe('refused'))
          if (result?.job) await nameMade(studio, project, model, result)
        }
        expectHistory(state, model)
        for (let id = 1; id <= model.revisions.length; id++) {
          const { document } = await studio.client.revision({ project, revision: id as RevisionId })
          const { layers, frame } = model.revision(id)
          expect(shown(document, studio.blobs(project) as never)).toEqual(expected(layers))
          expect([document.width, document.height]).toEqual([frame.width, frame.height])
        }
      } finally {
        await studio.stop()
      }
    }),
    { numRuns: 40 },
  )
})
