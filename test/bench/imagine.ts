import { monitorEventLoopDelay } from 'node:perf_hooks'
import { openDiffusionStudio } from '../engine/diffusion/studio.ts'
import { box, type ImaginationId, imagined, layerOf, opaque, speckled } from '../engine/imagination/studio.ts'

/**
 * What is spent around the networks when a large layer is edited: processor time of the thread that strokes wait for, as milliseconds a
 * megapixel, and the longest that anything waited there. The networks are tiny and run on another thread.
 */
const DOCUMENT = { x: 0, y: 0, width: 5000, height: 4000 }
const REGION = { x: 500, y: 500, width: 3000, height: 2500 }
const MEGAPIXELS = (DOCUMENT.width * DOCUMENT.height) / 1e6
const KNOBS: Readonly<Record<ImaginationId, Readonly<Record<string, unknown>>>> = {
  'edit-objects': { source: 'a dog', steps: 5 },
  'exact-edit': { source: 'a dog', prompt: 'a cat', steps: 5 },
  fill: { prompt: 'a cat', steps: 4 },
  generate: { prompt: 'a cat', steps: 4 },
}

await using studio = openDiffusionStudio()
const folder = await studio.model()
const source = layerOf(opaque(speckled(DOCUMENT, 1)))
console.log(`${MEGAPIXELS} megapixels, a region of ${(REGION.width * REGION.height) / 1e6}`)
for (const [id, params] of Object.entries(KNOBS) as [ImaginationId, (typeof KNOBS)[ImaginationId]][]) {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const before = process.threadCpuUsage()
  const { width, height } = DOCUMENT
  await imagined(id, { folder, sessions: studio.sessions, source, width, height, objects: [box(REGION, 'a cat')], seed: 1, params })
  const { user, system } = process.threadCpuUsage(before)
  delay.disable()
  const each = ((user + system) / 1000 / MEGAPIXELS).toFixed(0)
  console.log(`  ${id.padEnd(14)} ${each.padStart(4)} ms a megapixel, longest wait ${(delay.max / 1e6).toFixed(0)} ms`)
}
