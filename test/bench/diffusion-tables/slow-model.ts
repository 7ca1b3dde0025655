import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHANNELS, TOKENS, writeTinyDiffusion } from '../../kit/tiny-diffusion.ts'
import { FLOAT32, TinyGraph } from '../../kit/tiny-graph.ts'

/** Cells along one side of its latents, channels and number of its layers. */
export const CELLS = 32
export const WIDTH = 64
export const LAYERS = 30

/** A tiny model's folder whose network takes about as long as a small real one. */
export function slowModel(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'palimpsest-overhead-'))
  writeTinyDiffusion(path)
  writeFileSync(join(path, 'unet', 'model.onnx'), unet())
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** A network of a billion multiplications a call or so: hundreds of times less than Stable Diffusion's, like a small model's. */
function unet(): Uint8Array {
  const graph = new TinyGraph(3, false, null)
  const pads = { pads: { type: 'ints', value: [1, 1, 1, 1] } } as const
  const time = graph.input('timestep', [], FLOAT32)
  const context = graph.input('encoder_hidden_states', ['batch', TOKENS, 8])
  const said = graph.node('Add', [graph.node('Sin', [time]), graph.node('ReduceMean', [context])])
  let x = graph.node('Add', [graph.input('sample', ['batch', CHANNELS, 'height', 'width']), said])
  x = graph.node('Conv', [x, graph.drawn([WIDTH, CHANNELS, 3, 3], 0.1)], pads)
  for (let i = 0; i < LAYERS; i++) x = graph.node('Tanh', [graph.node('Conv', [x, graph.drawn([WIDTH, WIDTH, 3, 3], 0.04)], pads)])
  graph.output(
    'out_sample',
    ['batch', CHANNELS, 'height', 'width'],
    graph.node('Conv', [x, graph.drawn([CHANNELS, WIDTH, 3, 3], 0.04)], pads),
  )
  return graph.write().model
}
