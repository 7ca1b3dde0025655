import { describe, expect, it } from 'vitest'
import type { WatchedPath } from '../../../main/algorithms/decision.ts'
import { evaluated, martingaleEvaluation, solved } from '../../../main/algorithms/learning/martingale-evaluation.ts'
import { eachStretch } from '../../../main/math/martingale.ts'
import { brownian, naiveConditions, returning } from '../../kit/watched.ts'

const fitted = (paths: readonly WatchedPath[], conditions: 'orthogonality' | 'loss', fade = 0) =>
  evaluated(paths, martingaleEvaluation.params.parse({ conditions, fade, ridge: 0 })).theta

/** Every second time of a path alone. */
const coarser = ({ times, features, terminal }: WatchedPath): WatchedPath => ({
  times: times.filter((_, i) => i % 2 === 0),
  features: features.filter((_, i) => i % 2 === 0),
  rewards: new Float64Array(features.length / 2),
  terminal,
})

describe('policy evaluation by martingale conditions', () => {
  it.each([20, 80, 320])('finds a Brownian path’s value where the naive loss finds half, in %i steps', (steps) => {
    const paths = brownian(400, steps, 900)
    expect(Math.abs(fitted(paths, 'loss')[0] - 1)).toBeLessThan(0.1)
    expect(Math.abs(fitted(paths, 'orthogonality')[0] - 1)).toBeLessThan(0.1)
    expect(Math.abs(solved(naiveConditions(paths, 0), 0)[0] - 0.5)).toBeLessThan(0.1)
  })

  it('nears the truth of a process that returns, where the naive loss stays away', () => {
    const paths = returning(1500, 160, 20_000)
    for (const conditions of ['loss', 'orthogonality'] as const) {
      const theta = fitted(paths, conditions)
      expect(Math.abs(theta[0] + 1)).toBeLessThan(0.1)
      expect(Math.abs(theta[1] + 0.36)).toBeLessThan(0.1)
    }
    expect(solved(naiveConditions(paths, 0), 0)[0]).toBeGreaterThan(-0.8)
  })

  it('leaves no surprise that what was seen would have foretold', () => {
    const paths = brownian(50, 40, 5)
    const theta = fitted(paths, 'orthogonality')
    let sum = 0
    for (const path of paths)
      eachStretch(path, (now, next, _, brought) => {
        sum += (now[0] * ((next[0] - now[0]) * theta[0] + brought)) / paths.length
      })
    expect(Math.abs(sum)).toBeLessThan(1e-10)
  })

  it('changes little where every second time is left out', () => {
    const gap = (steps: number) => {
      const paths = returning(200, steps, 700)
      const [fine, coarse] = [fitted(paths, 'loss'), fitted(paths.map(coarser), 'loss')]
      return Math.hypot(fine[0] - coarse[0], fine[1] - coarse[1])
    }
    expect(gap(160)).toBeLessThan(0.71 * gap(40))
  })
})
