import { readFileSync } from 'node:fs'
import {
  type Engine,
  type EngineExit,
  type EngineProcess,
  engine,
  type Task,
  type TaskOf,
  type TaskResult,
} from '../../main/engine/contract.ts'
import { type Blobs, openBlobs } from '../../main/store/blobs.ts'
import type { Service } from '../../preload/contract/call.ts'
import { type Document, type Pixels, TILE } from '../../preload/contract/document.ts'
import { fault } from '../../preload/contract/fault.ts'
import { decodeTileIndex, encodeTileIndex, tileKey } from '../../preload/contract/tile-index.ts'
import { pair, serve } from '../../preload/wire/index.ts'
import { imaginationCards, imagined, regionShown } from './tiny-imagination.ts'
import { tinyModel, tinyModels } from './tiny-models.ts'
import { filled } from './tiny-pixels.ts'

/**
 * An engine small enough to hold in the head, and real: it serves the engine's contract and writes tiles to the project file.
 * A picture file is the text `tiny WIDTH HEIGHT R G B`, and maybe words it was made from; a stroke sets one pixel per point; a restoration inverts colours,
 * and so does an imagination within its regions. Parameters of both: `steps`, `pause` in milliseconds a step,
 * `deaf` (does not answer a cancel), `die` (ends the process).
 */
export function tinyService(die: () => void = () => {}): Service<Engine> {
  return {
    async catalogue() {
      const paper = { title: 'Inverting', year: 2026, link: 'https://example.org' }
      const method = { id: 'invert', role: 'restorer', title: 'Inverted', summary: 'Inverts colours.', paper, params: {} }
      return { methods: [method, ...imaginationCards], models: [tinyModel] }
    },
    async *state(_, signal) {
      yield { status: 'ready', provider: 'cpu', why: 'It is tiny.', memory: { used: 0, budget: 1 } }
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      return {}
    },
    async *run({ store, task }, signal) {
      using blobs = openBlobs(store)
      if (task.type === 'restore' || task.type === 'imagine') {
        const { steps = 1, pause = 0, deaf, die: dies } = task.params as { steps?: number; pause?: number; deaf?: boolean; die?: boolean }
        for (let step = 0; step < steps; step++) {
          yield { step, steps, label: 'Inverting', left: null, preview: blobs.put(Buffer.from(`preview ${step} ${task.seed}`)) }
          if (dies) die()
          await new Promise((resolve) => setTimeout(resolve, pause))
          if (!deaf && signal.aborted) throw fault('cancelled', 'Cancelled.', 'It was asked for.', 'Run it again.')
        }
        return task.type === 'restore' ? restored(blobs, task) : imagined(blobs, task)
      }
      signal.throwIfAborted()
      return await answer(blobs, task)
    },
    models: (request, signal) => tinyModels(request, signal, die),
  }
}

async function answer(blobs: Blobs, task: Exclude<Task, { type: 'restore' | 'imagine' }>): Promise<TaskResult> {
  switch (task.type) {
    case 'place': {
      const { source } = task
      const bytes = 'path' in source ? readFileSync(source.path) : Buffer.from(blobs.get(source.blob))
      const [magic, ...numbers] = bytes.toString().split(' ')
      if (magic !== 'tiny') throw fault('unsupported', 'That is not a picture.', 'It does not begin as one.', 'Choose another file.')
      const [width, height, ...color] = numbers.slice(0, 5).map(Number)
      const prompt = numbers.slice(5).join(' ')
      const pixels = filled(blobs, width, height, [...color, 255])
      return {
        type: 'place',
        pixels,
        width,
        height,
        profile: null,
        exif: null,
        settings: prompt ? { params: { prompt }, seed: 7 } : null,
        notes: [],
      }
    }
    case 'fill':
      return { type: 'fill', pixels: filled(blobs, task.width, task.height, [...task.color, 255]) }
    case 'paint': {
      const { color, erase } = task.brush
      return { type: 'paint', pixels: painted(blobs, task, task.pixels, 'rgba8', erase ? [0, 0, 0, 0] : [...color, 255], 0) }
    }
    case 'paint-mask': {
      const { mask, brush } = task
      return { type: 'paint-mask', pixels: painted(blobs, task, mask.pixels, 'r8', [brush.erase ? 0 : 255], mask.rest) }
    }
    case 'export': {
      const bytes = Buffer.from(`${task.format} of ${JSON.stringify(task.document)}`)
      return { type: 'export', file: { type: `image/${task.format}`, bytes: bytes.length, blob: blobs.put(bytes) }, notes: [] }
    }
    case 'thumbnail':
      return { type: 'thumbnail', blob: blobs.put(Buffer.from(`thumbnail of ${JSON.stringify(task.document)}`)) }
    case 'region':
      return { type: 'region', ...(await regionShown(blobs, task)) }
    default:
      return task satisfies never
  }
}

type Stroke = Pick<TaskOf<'paint'>, 'points' | 'width' | 'height'>

function painted(blobs: Blobs, stroke: Stroke, before: Pixels | null, format: 'rgba8' | 'r8', value: number[], rest: number): Pixels {
  const { x: left, y: top } = before ?? { x: 0, y: 0 }
  const tiles = new Map(before ? decodeTileIndex(blobs.get(before.index)).tiles : [])
  for (const [px, py] of stroke.points) {
    const [x, y] = [Math.floor(px), Math.floor(py)]
    if (x < 0 || y < 0 || x >= stroke.width || y >= stroke.height) continue
    const [column, row] = [Math.floor((x - left) / TILE), Math.floor((y - top) / TILE)]
    const old = tiles.get(tileKey(column, row))
    const bytes = old ? new Uint8Array(blobs.get(old)) : new Uint8Array(TILE * TILE * value.length).fill(rest)
    bytes.set(value, value.length * ((y - top - row * TILE) * TILE + (x - left - column * TILE)))
    tiles.set(tileKey(column, row), blobs.put(bytes))
  }
  return { index: blobs.put(encodeTileIndex({ format, tiles })), x: left, y: top }
}

function restored(blobs: Blobs, { pixels, params, seed }: TaskOf<'restore'>): TaskResult {
  const tiles = [...decodeTileIndex(blobs.get(pixels.index)).tiles].map(([key, id]) => {
    const bytes = blobs.get(id).map((value, i) => (i % 4 === 3 ? value : (255 - value + seed) % 256))
    return [key, blobs.put(bytes)] as const
  })
  const result = { ...pixels, index: blobs.put(encodeTileIndex({ format: 'rgba8', tiles: new Map(tiles) })) }
  const layers = [
    { label: 'faithful', visible: false, pixels, measures: {} },
    { label: 'realistic', visible: true, pixels: result, measures: { consistency: 1 } },
  ]
  return { type: 'restore', layers, params, models: [], provider: 'cpu', notes: ['Inverted.'] }
}

/** The tiny engine in this very process. */
export function startTinyEngine(): EngineProcess {
  const [near, far] = pair()
  let exit: (exit: EngineExit) => void = () => {}
  const exited = new Promise<EngineExit>((resolve) => {
    exit = resolve
  })
  const die = () => {
    near.close()
    exit({ reason: 'killed', signal: 'SIGSEGV' })
  }
  serve(engine, tinyService(die), far)
  return {
    wire: near,
    pid: undefined,
    exited,
    async stop() {
      near.close()
      exit({ reason: 'asked' })
      return await exited
    },
  }
}

/** Colour of one pixel of a layer, straight alpha; transparent where nothing is stored. */
export function pixelAt(blobs: Pick<Blobs, 'get'>, document: Document, layer: number, x: number, y: number): number[] {
  const { pixels } = document.layers[layer]
  if (!pixels) return [0, 0, 0, 0]
  const [column, row] = [Math.floor((x - pixels.x) / TILE), Math.floor((y - pixels.y) / TILE)]
  const id = decodeTileIndex(blobs.get(pixels.index)).tiles.get(tileKey(column, row))
  if (!id) return [0, 0, 0, 0]
  const at = 4 * ((y - pixels.y - row * TILE) * TILE + (x - pixels.x - column * TILE))
  return [...blobs.get(id).subarray(at, at + 4)]
}
