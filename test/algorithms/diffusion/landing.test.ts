import { expect, test } from 'vitest'
import { karras } from '../../../main/algorithms/diffusion/schedules/karras.ts'
import { multistep } from '../../../main/algorithms/diffusion/schedules/multistep.ts'
import { uniform } from '../../../main/algorithms/diffusion/schedules/uniform.ts'
import { solvers } from '../../../main/algorithms/index.ts'
import type { Solver } from '../../../main/algorithms/roles.ts'
import { discrete, furthest, generate, normals } from '../../kit/generate.ts'
import type { Mixture } from '../../kit/mixture.ts'

const mean = [0.7, -0.4]
const nearlyOne: Mixture = { weights: [1], means: [mean], stds: [1e-3] }
/** Those that need something found, and the one that brings its own times, which end on the cleanest level. */
const OTHERS = ['dpm-solver-v3', 'unified-sampling']
const schedules = {
  multistep: multistep.make(multistep.params.parse({}), {}),
  karras: karras.make(karras.params.parse({}), {}),
  uniform: uniform.make(uniform.params.parse({ landing: 'clean' }), {}),
}

test.each(Object.keys(schedules) as (keyof typeof schedules)[])(
  'every solver that lands on no noise leaves none, by %s steps',
  async (name) => {
    // Where all data is one picture, whatever is not that picture at the end is noise that was left.
    const legs = schedules[name].legs(discrete, 6)
    expect(legs.at(-1)?.to.sigma).toBe(0)
    for (const method of solvers.filter(({ id }) => !OTHERS.includes(id))) {
      const solver = method.make(method.params.parse({}) as never, {}) as unknown as Solver
      const { x } = await generate({ solver, legs, x: normals(2, 5), path: discrete, mixture: nearlyOne })
      expect({ solver: method.id, off: furthest(x, Float64Array.from(mean)) < 0.01 }).toEqual({ solver: method.id, off: true })
    }
  },
)
