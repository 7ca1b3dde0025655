import { describe, expect, it } from 'vitest'
import type { WatchedPath } from '../../main/algorithms/decision.ts'
import { critics } from '../../main/algorithms/index.ts'
import { normals } from '../kit/generate.ts'

/** Uneven times, two features, any rewards. */
const walks = (count: number): WatchedPath[] =>
  Array.from({ length: count }, (_, p) => {
    const numbers = normals(60, 7 * p + 1)
    const times = new Float64Array(13)
    for (let i = 0; i < 12; i++) times[i + 1] = times[i] + 0.02 + 0.05 * Math.abs(numbers[i])
    return {
      times,
      features: Array.from({ length: 12 }, (_, i) => Float64Array.of(1, numbers[12 + i])),
      rewards: numbers.slice(24, 36),
      terminal: numbers[36],
    }
  })

describe.each(critics.map((method) => [method.id, method] as const))('the critic %s', (_, method) => {
  const critic = method.make(method.params.parse({}), {})
  const paths = walks(30)

  it('expects as many times as much where everything brings as many times as much', () => {
    const { theta } = critic.fit(paths)
    const more = critic.fit(paths.map((path) => ({ ...path, rewards: path.rewards.map((r) => 3 * r), terminal: 3 * path.terminal })))
    for (const [k, value] of more.theta.entries()) expect(value).toBeCloseTo(3 * theta[k], 10)
  })

  it('expects what always comes', () => {
    const sure = paths.map((path) => ({ ...path, rewards: new Float64Array(12), terminal: 2 }))
    const { theta } = critic.fit(sure)
    expect(theta[0]).toBeCloseTo(2, 5)
    expect(theta[1]).toBeCloseTo(0, 5)
    let learned = new Float64Array(2)
    for (let round = 0; round < 400; round++) learned = Float64Array.from(critic.learn(learned, sure[round % 30], 0))
    expect(learned[0]).toBeCloseTo(2, 1)
  })

  it('says so where the features say the same, and values them nonetheless', () => {
    const alike = paths.map((path) => ({ ...path, features: path.features.map(([one]) => Float64Array.of(one, one)), terminal: 2 }))
    const { theta, isFallback } = critic.fit(alike.map((path) => ({ ...path, rewards: new Float64Array(12) })))
    expect(isFallback).toBe(true)
    expect(theta.every(Number.isFinite)).toBe(true)
    expect(critic.fit(paths).isFallback).toBe(false)
  })

  it('refuses what is no path', () => {
    const [path] = paths
    const wrong: WatchedPath[] = [
      { ...path, times: path.times.map(() => 1) },
      { ...path, rewards: path.rewards.map(() => Number.NaN) },
      { ...path, rewards: path.rewards.slice(1) },
    ]
    for (const one of wrong) expect(() => critic.fit([one])).toThrow(RangeError)
    const short = { times: path.times.slice(0, 3), features: path.features.slice(0, 2), rewards: path.rewards.slice(0, 2), terminal: 0 }
    expect(() => critic.fit([short])).toThrow('too few')
    expect(() => critic.fit([])).toThrow(RangeError)
  })
})
