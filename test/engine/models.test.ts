import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { readManifest } from '../../main/engine/models/manifest.ts'
import { Models } from '../../main/engine/models/models.ts'
import { Sessions } from '../../main/engine/sessions/sessions.ts'
import { type Tensor, tensor } from '../../main/math/tensor.ts'
import { BUILT_IN } from './workshop.ts'

/** What was computed by the framework a model was trained in, on inputs made by a formula. */
const Check = z.object({
  model: z.string(),
  sha256: z.string(),
  inputs: z.array(z.string()),
  output: z.string(),
  tolerance: z.number(),
  cases: z.array(
    z.object({
      shape: z.array(z.int()),
      t: z.array(z.number()).optional(),
      mean: z.number(),
      std: z.number(),
      indices: z.array(z.int()),
      values: z.array(z.number()),
    }),
  ),
})

/** The formula of the checks: fround(0.5 + 0.4 sin(0.1 i) + 0.1 sin(1.7 i + 1)). */
const picture = (shape: readonly number[]): Tensor => {
  const made = tensor(shape)
  for (let i = 0; i < made.data.length; i++) made.data[i] = 0.5 + 0.4 * Math.sin(0.1 * i) + 0.1 * Math.sin(1.7 * i + 1)
  return made
}

// No trial of accelerators here: the values were computed on a processor.
process.env.PALIMPSEST_PROVIDER = 'cpu'
/** A folder of many networks has its check within it. */
const entries = (await readManifest(BUILT_IN)).filter(({ folder }) => folder === undefined)

test('every model of the manifest has its check, and no check is without its model', () => {
  const checks = readdirSync(BUILT_IN).filter((file) => file.endsWith('.check.json'))
  expect(checks.sort()).toEqual(entries.map(({ file }) => file.replace(/\.onnx$/, '.check.json')).sort())
})

test('every file is the one the manifest names', async () => {
  for (const card of await new Models(BUILT_IN).cards()) expect(card).toMatchObject({ problem: null })
})

test.each(entries)('$id gives the values it was checked with', async (entry) => {
  const check = Check.parse(JSON.parse(readFileSync(join(BUILT_IN, entry.file.replace(/\.onnx$/, '.check.json')), 'utf8')))
  expect(check).toMatchObject({ model: entry.id, sha256: entry.sha256, inputs: entry.inputs.map(({ name }) => name) })
  const session = pathToFileURL(join(import.meta.dirname, '../../main/engine/index.ts'))
  await using sessions = new Sessions({ entry: session, models: new Models(BUILT_IN), budget: 2 ** 30, tell: () => undefined })
  const signal = new AbortController().signal
  using network = await sessions.lease(entry.role, signal)
  for (const { shape, t, mean, std, indices, values } of check.cases) {
    const [image, time] = check.inputs as [string, string | undefined]
    const inputs: Record<string, Tensor> = { [image]: picture(shape) }
    if (time && t) inputs[time] = tensor([t.length], Float32Array.from(t))
    const { data } = (await network.run(inputs, signal))[check.output] as Tensor
    for (const [i, at] of indices.entries())
      expect(Math.abs((data[at] as number) - (values[i] as number))).toBeLessThanOrEqual(check.tolerance)
    const average = data.reduce((sum, value) => sum + value, 0) / data.length
    const spread = Math.sqrt(data.reduce((sum, value) => sum + (value - average) ** 2, 0) / data.length)
    expect(Math.abs(average - mean)).toBeLessThanOrEqual(check.tolerance)
    expect(Math.abs(spread - std)).toBeLessThanOrEqual(check.tolerance)
  }
})
