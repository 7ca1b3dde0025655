import { describe, expect, it } from 'vitest'
import { clipPixels, trajectoryScoreMatching } from '../../../main/algorithms/splats/trajectory-score-matching.ts'
import { tableOfPath } from '../../../main/math/timesteps.ts'
import { discrete, normals, toy } from '../../kit/generate.ts'
import { mixtureDenoiser, restrict } from '../../kit/mixture.ts'

const { signal } = new AbortController()
const table = tableOfPath(discrete)
const all = mixtureDenoiser(toy).denoise
const voices = { empty: all, negative: all, prompt: mixtureDenoiser(restrict(toy, [0])).denoise }
const guidanceOf = (settings: object) => trajectoryScoreMatching.make(trajectoryScoreMatching.params.parse(settings), {})
const view = { z: Float64Array.of(-0.8, 0.3), noise: normals(2, 1), table, t: 450, delta: 80 }

describe('trajectory score matching', () => {
  it('is interval score matching where the comparison is made at the parting, to the bit', async () => {
    const [trajectory, interval] = [guidanceOf({ gamma: 1 }), guidanceOf({ kind: 'interval' })]
    expect((await trajectory.slope(view, voices, signal)).slope).toEqual((await interval.slope(view, voices, signal)).slope)
  })

  it('is the words alone where the comparison is made at the judgement', async () => {
    const { slope, states, weight } = await guidanceOf({ gamma: 0, weight: 1 }).slope(view, voices, signal)
    expect(states.compared).toEqual(states.judged)
    const node = { t: 451, alpha: Math.sqrt(table.abar[451]), sigma: Math.sqrt(1 - table.abar[451]) }
    const [plain, worded] = [await all(states.judged, node, signal), await voices.prompt(states.judged, node, signal)]
    for (const [i, value] of slope.entries()) expect(value).toBeCloseTo(weight * 7.5 * (worded.eps[i] - plain.eps[i]), 9)
  })

  it('asks the model five to seven times once it is warm', async () => {
    const calls: number[] = []
    for (const t of [20, 100, 300, 499]) calls.push((await guidanceOf({}).slope({ ...view, t }, voices, signal)).calls)
    expect(calls).toEqual([5, 5, 6, 7])
  })

  it('brings a point to what the words say, where it was somewhere else', async () => {
    const guidance = guidanceOf({ weight: 1 })
    let z: Float64Array = Float64Array.of(-1.1, -0.7)
    for (let step = 0; step < 150; step++) {
      const { slope } = await guidance.slope({ ...view, z, noise: normals(2, 50 + step), t: 60 + ((step * 37) % 400) }, voices, signal)
      z = z.map((value, i) => value - 0.02 * slope[i])
    }
    expect(Math.hypot(z[0] - 1.4, z[1] - 0.9)).toBeLessThan(0.7)
  })

  it('shortens slopes by pixels, and keeps their directions', () => {
    const slope = normals(30, 4)
    const clipped = clipPixels(slope, 3, 0.05)
    expect(Math.max(...clipped.map(Math.abs))).toBeLessThanOrEqual(0.05 + 1e-15)
    for (let at = 0; at < 30; at += 3) expect(clipped[at] * slope[at + 1]).toBeCloseTo(clipped[at + 1] * slope[at], 12)
  })
})
