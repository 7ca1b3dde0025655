import { describe, expect, it } from 'vitest'
import { viewGuidances } from '../../main/algorithms/index.ts'
import type { GuidedView, Voices } from '../../main/algorithms/splats.ts'
import { tableOfPath } from '../../main/math/timesteps.ts'
import { discrete, normals, toy } from '../kit/generate.ts'
import { mixtureDenoiser, restrict } from '../kit/mixture.ts'

const { signal } = new AbortController()
const view: GuidedView = { z: Float64Array.of(-0.8, 0.3), noise: normals(2, 1), table: tableOfPath(discrete), t: 400, delta: 80 }
const voicesOf = () => {
  const [all, one] = [mixtureDenoiser(toy), mixtureDenoiser(restrict(toy, [0]))]
  const voices: Voices = { empty: all.denoise, negative: all.denoise, prompt: one.denoise }
  return { voices, calls: () => all.calls() + one.calls() }
}

describe.each(viewGuidances.map((method) => [method.id, method] as const))('the guidance of views %s', (_, method) => {
  const { slope, range } = method.make(method.params.parse({}), {})

  it('points away from what the words say, counts its calls, and says the same of the same', async () => {
    const { voices, calls } = voicesOf()
    const found = await slope(view, voices, signal)
    expect(found.calls).toBe(calls())
    // The words say (1.4, 0.9): against the slope is towards it.
    expect(found.slope[0] * (1.4 - view.z[0]) + found.slope[1] * (0.9 - view.z[1])).toBeLessThan(0)
    expect((await slope(view, voices, signal)).slope).toEqual(found.slope)
  })

  it('narrows its range of levels and stays inside it', () => {
    const ranges = [1, 200, 5000].map(range)
    for (const { from, to, delta } of ranges) {
      expect(from).toBeLessThan(to)
      expect(delta).toBeGreaterThan(0)
    }
    expect(ranges[2].to).toBeLessThan(ranges[0].to)
    expect(range(9000)).toEqual(ranges[2])
  })

  it.each<[string, Partial<GuidedView>]>([
    ['a level there is not', { t: 1000 }],
    ['no interval', { delta: 0 }],
    ['too little noise', { noise: new Float64Array(1) }],
  ])('refuses %s', async (_what, part) => {
    await expect(slope({ ...view, ...part }, voicesOf().voices, signal)).rejects.toThrow(RangeError)
  })

  it('stops between two calls', async () => {
    const controller = new AbortController()
    const { voices } = voicesOf()
    const stopping: Voices = {
      ...voices,
      empty: (x, at, inner) => {
        controller.abort()
        return voices.empty(x, at, inner)
      },
    }
    await expect(slope(view, stopping, controller.signal)).rejects.toMatchObject({ name: 'AbortError' })
  })
})
