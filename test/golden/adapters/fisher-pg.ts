import { ascent, fisherPolicyGradient } from '../../../main/algorithms/learning/fisher-policy-gradient.ts'
import { episodeBend, episodeGradient, softmaxPolicy } from '../../../main/math/policy.ts'
import { everyEpisode, seenOf } from '../../kit/tiny-decisions.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, signal } from './diffusion-world.ts'

/** Estimates from the listed episode, and their means over every episode there can be. */
function estimates({ mdp, gamma, theta: table, w: direction, trajectory }: Inputs): Inputs {
  const [theta, w] = [flat(table), flat(direction)]
  const policy = softmaxPolicy(mdp.R[0].length)
  const listed = {
    seen: (trajectory as number[][]).map(([state]) => seenOf(state, mdp.R.length)),
    actions: (trajectory as number[][]).map(([, action]) => action),
    rewards: (trajectory as number[][]).map(([, , reward]) => reward),
  }
  const sums = { J: 0, grad_J: new Float64Array(theta.length), hess_J_w: new Float64Array(theta.length) }
  for (const [chance, episode] of everyEpisode(mdp, theta)) {
    sums.J += chance * episode.rewards.reduce((sum, reward, h) => sum + gamma ** h * reward, 0)
    const [g, bend] = [episodeGradient(policy, theta, episode, gamma), episodeBend(policy, theta, episode, w, gamma)]
    for (let i = 0; i < theta.length; i++) {
      sums.grad_J[i] += chance * g[i]
      sums.hess_J_w[i] += chance * bend[i]
    }
  }
  return { ...sums, g: episodeGradient(policy, theta, listed, gamma), Bw: episodeBend(policy, theta, listed, w, gamma) }
}

/** The way of an optimiser over a quadratic value with the listed noise. */
async function trace({ M, c, x0, noise, hnoise, b, gamma0, eta0 }: Inputs, kind: string, ahead: string): Promise<Inputs> {
  const settings = fisherPolicyGradient.params.parse({ kind, ahead, steps: noise.length, gamma: gamma0, eta: eta0 })
  let t = -1
  const slopes = {
    gradient: (theta: Float64Array) => {
      t++
      return theta.map((value, i) => -M[i] * value + c[i] + noise[t][i])
    },
    bend: (_theta: Float64Array, v: Float64Array) => {
      const size = Math.hypot(...v)
      return v.map((value, i) => -M[i] * value + hnoise[t][i] * size)
    },
    chance: () => b[t],
  }
  const steps: Record<string, unknown> = {}
  for await (const { step, theta, direction, asked } of ascent(flat(x0), slopes, settings, signal))
    steps[step - 1] = { line_point: asked, theta, d: direction }
  return steps
}

/** Policy gradients: estimates from episodes, and every optimiser's way. */
export const fisherPgAdapter: FileAdapter = {
  name: 'fisher-pg',
  recognises: ({ settings, expected }) => Boolean(settings?.mdp && expected?.nharpg),
  async check({ settings, expected, tolerance }) {
    const actual: Inputs = {
      ...estimates(settings),
      nigt: await trace(settings.quad, 'n-pg-igt', 'before'),
      nigt_paper: await trace(settings.quad, 'n-pg-igt', 'now'),
      harpg: await trace(settings.quad, 'harpg', 'now'),
      nharpg: await trace(settings.quad, 'n-harpg', 'now'),
    }
    return differences(actual, expected, () => tolerance)
  },
}
