import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sequenceRepairs } from '../../main/algorithms/index.ts'
import type { FrameDenoise, Sequence } from '../../main/algorithms/measurement.ts'
import { outcome } from '../../main/math/integrate.ts'
import { furthest, signal, uniforms } from '../kit/generate.ts'

/** Says of every frame that it is clean: what is found then is found from the other frames alone. */
const content: FrameDenoise = async (frame) => frame

/** One picture in every frame; each frame lacks every `every`-th pixel, another set each time. */
function still(frames: number, pixels: number, every: number, seed: number): { readonly sequence: Sequence; readonly truth: Float64Array } {
  const picture = uniforms(pixels, seed)
  const truth = Float64Array.from({ length: frames * pixels }, (_, i) => picture[i % pixels])
  const mask = truth.map((_, i) => Number(((i % pixels) + Math.floor(i / pixels)) % every !== 0))
  return { sequence: { frames, pixels, values: truth.map((value, i) => (mask[i] ? value : 9)), mask }, truth }
}

describe.each(sequenceRepairs.map((method) => [method.id, method] as const))('the repair %s', (_, method) => {
  const repair = (sequence: Sequence, stop = signal) => outcome(method.make(method.params.parse({}), {}).repair(sequence, content, stop))

  it('fills what frames of a still lack from the others, and never looks at what was not seen', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 4, max: 12 }),
        fc.integer({ min: 5, max: 40 }),
        fc.integer({ min: 2, max: 5 }),
        fc.nat(99),
        async (frames, pixels, every, seed) => {
          const { sequence, truth } = still(frames, pixels, every, seed + 1)
          expect(furthest(await repair(sequence), truth)).toBeLessThan(0.01)
        },
      ),
      { numRuns: 15 },
    )
  })

  it('gives the same twice, and leaves alone what it was given', async () => {
    const { sequence } = still(6, 20, 3, 4)
    const before = { values: sequence.values.slice(), mask: sequence.mask.slice() }
    expect(await repair(sequence)).toEqual(await repair(sequence))
    expect({ values: sequence.values, mask: sequence.mask }).toEqual(before)
  })

  it('refuses what is no sequence, and stops when it is told to', async () => {
    const { sequence } = still(6, 20, 3, 4)
    await expect(repair({ ...sequence, frames: 7 })).rejects.toThrow(RangeError)
    await expect(repair({ ...sequence, mask: new Float64Array(120) })).rejects.toThrow(RangeError)
    await expect(repair({ ...sequence, values: sequence.values.map(() => Number.NaN) })).rejects.toThrow(RangeError)
    await expect(repair(sequence, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  })
})
