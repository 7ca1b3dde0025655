import { edm } from '../../../main/algorithms/diffusion/paths/edm.ts'
import { karras } from '../../../main/algorithms/diffusion/schedules/karras.ts'
import { bdia } from '../../../main/algorithms/diffusion/solvers/bdia.ts'
import { heun } from '../../../main/algorithms/diffusion/solvers/heun.ts'
import { bdiaInversion } from '../../../main/algorithms/inversion/bdia-inversion.ts'
import type { Sampled, Solver } from '../../../main/algorithms/roles.ts'
import { legsDown, levelsOf } from '../../../main/math/move.ts'
import { nodeOfLevel, tableOfPath } from '../../../main/math/timesteps.ts'
import { type Mixture, predictMixture } from '../../kit/mixture.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, modelOn, pathOf, signal, statesOf, undrawn } from './diffusion-world.ts'
import { type EditingWorld, editingWorld, everyFifth, furthestApart, journey } from './editing-world.ts'

const last = <T>(list: readonly T[]): T => list[list.length - 1]

async function official(world: EditingWorld, block: Inputs, gamma: number): Promise<Inputs> {
  const legs = world.legs(block)
  const inversion = bdiaInversion.make({ gamma }, {})
  const x = flat(block.x_0)
  const { states, end } = await journey(inversion.there(x, legs, world.denoise(block.invert_prompt, block.guidance), signal), [x])
  const again = inversion.back(end, world.denoise(block.invert_prompt, block.guidance), signal)
  const edit = inversion.back(end, world.denoise(block.edit_prompt, block.guidance), signal)
  return {
    z_top: end.states[0],
    z_below_top: end.states[1],
    reconstructed: (await journey(again, end.states)).end[0],
    edited: (await journey(edit, end.states)).end[0],
    inverse_trajectory_every_5: everyFifth(states.map(([z]) => z)),
  }
}

async function invert(world: EditingWorld, block: Inputs): Promise<Inputs> {
  const inversion = bdiaInversion.make({ gamma: block.gamma }, {})
  const denoise = world.denoise(block.prompt, block.guidance)
  const x = flat(block.x_0)
  const { states, end } = await journey(inversion.there(x, world.legs(block), denoise, signal), [x])
  const back = await journey(inversion.back(end, denoise, signal), end.states)
  return { trajectory: states.map(([z]) => z), round_trip_max_abs_error: furthestApart(back.end, [x]) }
}

async function edmForm(
  mixture: Mixture,
  block: Inputs,
): Promise<{ readonly sigmas: number[]; readonly checks: Inputs[]; readonly expected: Inputs }> {
  const path = edm.make(edm.params.parse({ sigmaMin: block.sigma_min, sigmaMax: block.sigma_max }), {})
  const legs = karras.make({ rho: block.rho, landing: 'zero' }, {}).legs(path, block.steps)
  const run = async (solver: Solver<Sampled>) => {
    const denoise = async (x: Float64Array, at: Parameters<typeof predictMixture>[2]) => predictMixture(mixture, x, at)
    const states = await statesOf({ solver, legs, model: modelOn(path), denoise, x: flat(block.z_init), draw: undrawn })
    return last(states).x
  }
  const byGamma = async (wanted: Inputs, form: 'heun' | 'heun-euler') => {
    const ends: Record<string, Float64Array> = {}
    for (const gamma of Object.keys(wanted)) ends[gamma] = await run(bdia.make({ gamma: Number(gamma), form }, {}))
    return ends
  }
  return {
    sigmas: [...legs.map((leg) => leg.from.sigma), last(legs).to.sigma],
    checks: block.denoiser_check.map(({ sigma, z }: Inputs) => ({
      sigma,
      z,
      D: predictMixture(mixture, flat(z), { t: sigma, alpha: 1, sigma }).x0,
    })),
    expected: {
      edm_heun: await run(heun.make({}, {})),
      bdia_edm_trapezoid: await byGamma(block.expected.bdia_edm_trapezoid ?? {}, 'heun'),
      bdia_edm_euler_back: await byGamma(block.expected.bdia_edm_euler_back ?? {}, 'heun-euler'),
    },
  }
}

/** BDIA's inversion, sampling and its form on Heun's step, with a mixture for a network. */
export const bdiaAdapter: FileAdapter = {
  name: 'bdia',
  recognises: (file) => Boolean(file.edm?.expected && file.official?.cases),
  async check(file) {
    const notes: string[] = []
    const compare = (name: string, actual: unknown, expected: unknown, tolerance = file.tolerance.abs) =>
      notes.push(...differences(actual, expected, () => tolerance, name))
    const world = editingWorld(file.settings, file.mixture, file.conditions)
    const table = tableOfPath(pathOf(file.settings.schedule))
    for (const [i, { t, x, ...eps }] of file.eps_check.entries())
      for (const key of Object.keys(eps)) {
        const prompt = key.replace(/^eps_(empty)?/, '')
        compare(`eps_check ${i} ${key}`, (await world.denoise(prompt)(flat(x), nodeOfLevel(table, Math.max(0, t)), signal)).eps, eps[key])
      }
    compare(
      'levels',
      world.legs(file.official).map((leg) => leg.from.label),
      file.official.levels_t_high_to_low,
      0,
    )
    for (const { gamma, expected } of file.official.cases)
      compare(`official, gamma ${gamma}`, await official(world, file.official, gamma), expected)

    const path = pathOf(file.settings.schedule)
    for (const [gamma, trajectory] of Object.entries(file.sample.expected.trajectory_by_gamma)) {
      const solver = bdia.make({ gamma: Number(gamma), form: 'ddim' }, {})
      const x = flat(file.sample.x_T)
      const sampling = {
        solver,
        legs: legsDown(levelsOf(world.legs(file.sample))),
        model: modelOn(path),
        denoise: world.denoise(file.sample.prompt),
        x,
        draw: undrawn,
      }
      compare(`sample, gamma ${gamma}`, [x, ...(await statesOf(sampling)).map((state) => state.x)], trajectory)
    }

    const { trajectory, round_trip_max_abs_error: error } = await invert(world, file.invert)
    compare('invert', trajectory, file.invert.expected.trajectory)
    compare('invert, round trip', error, file.invert.expected.round_trip_max_abs_error, file.tolerance.round_trip)

    const { sigmas, checks, expected } = await edmForm(file.mixture, file.edm)
    compare('edm, sigmas', sigmas, file.edm.sigmas)
    for (const [i, one] of checks.entries()) compare(`edm, denoiser ${i}`, one.D, file.edm.denoiser_check[i].D)
    compare('edm', expected, file.edm.expected)
    return notes
  },
}
