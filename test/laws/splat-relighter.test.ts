import { describe, expect, it } from 'vitest'
import { splatRelighters } from '../../main/algorithms/index.ts'
import type { Light } from '../../main/algorithms/splats.ts'
import { randomCloud } from '../kit/splat-cloud.ts'

const all = (light: Float64Array): Light => ({ red: light, green: light, blue: light })
const even = all(Float64Array.of(Math.sqrt(4 * Math.PI)))
const far = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)

describe.each(splatRelighters.map((method) => [method.id, method] as const))('the relighter %s', (_, method) => {
  const relighter = (settings: object) => method.make(method.params.parse(settings), {})
  const cloud = randomCloud(15, 2, 3)

  const { signal } = new AbortController()

  it('changes nothing under an even light without shadows, nor at no strength', async () => {
    expect(far((await relighter({ shadows: false }).relight(cloud, even, signal)).harmonics, cloud.harmonics)).toBeLessThan(1e-12)
    expect(far((await relighter({ strength: 0 }).relight(cloud, even, signal)).harmonics, cloud.harmonics)).toBeLessThan(1e-12)
  })

  it('touches colours alone, and not what it was given', async () => {
    const before = cloud.harmonics.slice()
    const { harmonics, ...rest } = await relighter({}).relight(cloud, all(Float64Array.of(1, 0, 2, 0)), signal)
    expect(harmonics).not.toEqual(before)
    expect(cloud.harmonics).toEqual(before)
    const { harmonics: _given, ...same } = cloud
    expect(rest).toEqual(same)
  })

  it('darkens what stands in the shade of the others, and makes all dark in the dark', async () => {
    const { harmonics: shaded } = await relighter({}).relight(cloud, even, signal)
    const total = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0)
    expect(total(shaded)).toBeLessThan(total(cloud.harmonics))
    const { harmonics: dark } = await relighter({}).relight(cloud, all(new Float64Array(1)), signal)
    for (let i = 0; i < 15; i++) expect(0.5 + 0.28209479177387814 * dark[27 * i]).toBeCloseTo(0, 12)
  })

  it('refuses a light of no degree', async () => {
    await expect(relighter({}).relight(cloud, all(new Float64Array(3)), signal)).rejects.toThrow(RangeError)
  })

  it('stops where it is told to, in the midst of many', async () => {
    const stop = new AbortController()
    const done = relighter({}).relight(randomCloud(3000, 0, 1), even, stop.signal)
    stop.abort(new Error('enough'))
    await expect(done).rejects.toThrow('enough')
  })
})
