import { edm } from '../../../main/algorithms/diffusion/paths/edm.ts'
import { eulerDiscrete, startScale } from '../../../main/algorithms/diffusion/schedules/euler-discrete.ts'
import { uniform } from '../../../main/algorithms/diffusion/schedules/uniform.ts'
import { ddim } from '../../../main/algorithms/diffusion/solvers/ddim.ts'
import { euler } from '../../../main/algorithms/diffusion/solvers/euler.ts'
import { askAhead, backLegs } from '../../../main/math/back-course.ts'
import { freshNoise } from '../../../main/math/ddim-step.ts'
import type { Leg, Path } from '../../../main/math/gaussian-path.ts'
import { type Denoise, decode, guide, retimed, rows } from '../../../main/math/prediction.ts'
import { ddimTimesteps, lastLegs, nodeOfLevel, tableOfPath } from '../../../main/math/timesteps.ts'
import { type Mixture, predictMixture, restrict } from '../../kit/mixture.ts'
import { assume, type FileAdapter, type Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, landingOf, modelOn, pathOf, signal, statesOf, undrawn } from './diffusion-world.ts'

interface World {
  readonly path: Path
  readonly landing: 'first' | 'clean'
  denoise(prompt: string, guidance?: number): Denoise
}

const legsOn = ({ path, landing }: World, block: Inputs): readonly Leg[] =>
  uniform.make(uniform.params.parse({ spacing: block.spacing, offset: block.steps_offset, landing }), {}).legs(path, block.steps)

const plain = ddim.make({ eta: 0 }, {})

async function follow({ path }: World, legs: readonly Leg[], denoise: Denoise, x: Float64Array): Promise<Float64Array[]> {
  const states = await statesOf({ solver: plain, legs, model: modelOn(path), denoise, x, draw: undrawn })
  return [x, ...states.map((state) => state.x)]
}

/** The way back, asking at the level ahead. */
const invert = (world: World, legs: readonly Leg[], denoise: Denoise, x: Float64Array) => {
  const back = backLegs(legs)
  return follow(world, back, askAhead(denoise, back), x)
}

const last = <T>(list: readonly T[]): T => list[list.length - 1]

/** One entry of each kind of block in the file, by its key. */
const blocks: Readonly<Record<string, (world: World, block: Inputs) => Promise<Inputs>>> = {
  async sample(world, block) {
    const trajectory = await follow(world, legsOn(world, block), world.denoise(block.prompt), flat(block.x_T))
    const other = { ...world, landing: 'clean' as const }
    return {
      trajectory,
      x_0: last(trajectory),
      x_0_set_alpha_to_one: last(await follow(other, legsOn(other, block), world.denoise(block.prompt), flat(block.x_T))),
    }
  },
  async invert(world, block) {
    const legs = legsOn(world, block)
    const x = flat(block.x_0)
    const trajectory = await invert(world, legs, world.denoise(block.prompt, block.guidance), x)
    const again = world.denoise(block.reconstruct_prompt, block.reconstruct_guidance)
    const reconstruction = last(await follow(world, legs, again, last(trajectory)))
    const error = reconstruction.reduce((most, value, i) => Math.max(most, Math.abs(value - x[i])), 0)
    return { trajectory, reconstruction, reconstruction_max_abs_error: error }
  },
  async edit(world, block) {
    const legs = lastLegs(legsOn(world, block), block.strength)
    const inverted = last(await invert(world, legs, world.denoise(block.invert_prompt, block.invert_guidance), flat(block.x_0)))
    return { inverted, edited: last(await follow(world, legs, world.denoise(block.edit_prompt, block.edit_guidance), inverted)) }
  },
  async img2img(world, block) {
    const legs = lastLegs(legsOn(world, block), block.strength)
    const { alpha, sigma, label } = legs[0].from
    const noise = flat(block.noise)
    const noised = flat(block.x_0).map((value, i) => alpha * value + sigma * noise[i])
    return { start_t: label, noised, x_out: last(await follow(world, legs, world.denoise(block.prompt, block.guidance), noised)) }
  },
  async v_prediction({ path }, block) {
    const node = nodeOfLevel(tableOfPath(path), block.t)
    return { ...decode(flat(block.x), flat(block.v), rows.v(node, path), node) }
  },
  async stochastic_step({ path }, block) {
    const table = tableOfPath(path)
    if (block.steps) assume(block, { prev_t: block.t - Math.floor(table.abar.length / block.steps) })
    const [from, to] = [nodeOfLevel(table, block.t), nodeOfLevel(table, block.prev_t)]
    const [x, eps] = [flat(block.x), flat(block.eps)]
    const said: Denoise = async () => ({ ...decode(x, eps, rows.eps(from, path), from) })
    const solver = ddim.make({ eta: block.eta }, {})
    const course = { legs: [{ from, to }], model: modelOn(path), draw: () => flat(block.noise) }
    return { sigma: freshNoise(block.eta, from, to), x_prev: (await solver.step(solver.start(x, course), said, from, to, signal)).x }
  },
}

/** The Euler form: unscaled noise on the variance-exploding path, the same network through the change of scale. */
async function eulerForm(world: World, block: Inputs): Promise<Inputs> {
  const settings = eulerDiscrete.params.parse({ spacing: block.spacing, offset: block.steps_offset })
  const legs = eulerDiscrete.make(settings, {}).legs(world.path, block.steps)
  const scale = startScale(legs, block.spacing)
  const x = flat(block.unit_noise).map((value) => value * scale)
  const denoise = retimed(world.denoise(''), world.path)
  const exploding = modelOn(edm.make(edm.params.parse({}), {}))
  const states = await statesOf({ solver: euler.make({}, {}), legs, model: exploding, denoise, x, draw: undrawn })
  return {
    timesteps: legs.map((leg) => leg.from.label),
    sigmas: [...legs.map((leg) => leg.from.sigma), last(legs).to.sigma],
    expected: { x_init: x, x_0: last(states).x },
  }
}

/** DDIM on Stable Diffusion's levels, with a mixture for a network. */
export const ddimAdapter: FileAdapter = {
  name: 'ddim',
  async check(file) {
    const mixture = file.mixture as Mixture
    const path = pathOf(file.settings.schedule)
    const table = tableOfPath(path)
    const of = (prompt: string) => (prompt ? restrict(mixture, file.conditions[prompt]) : mixture)
    const world: World = {
      path,
      landing: landingOf(file.settings, file.settings.final_abar),
      denoise:
        (prompt, guidance = 1) =>
        async (x, at) =>
          guidance === 1
            ? predictMixture(of(prompt), x, at)
            : guide(predictMixture(mixture, x, at), predictMixture(of(prompt), x, at), guidance),
    }
    const notes: string[] = []
    const compare = (name: string, actual: unknown, expected: unknown, tolerance: number) =>
      notes.push(...differences(actual, expected, () => tolerance, name))

    for (const [i, { t, x, ...expected }] of file.eps_check.entries()) {
      const node = nodeOfLevel(table, t)
      const eps = (key: string) => predictMixture(of(key.replace(/^eps_(empty)?/, '')), flat(x), node).eps
      compare(`eps_check ${i}`, Object.fromEntries(Object.keys(expected).map((key) => [key, eps(key)])), expected, file.tolerance.abs)
    }
    const { t: levels, value, tolerance } = file.alphas_cumprod
    compare(
      'alphas_cumprod',
      levels.map((t: number) => table.abar[t]),
      value,
      tolerance,
    )
    for (const { steps, spacing, steps_offset, timesteps, prev } of file.timesteps) {
      const found = ddimTimesteps(table.abar.length, steps, spacing, steps_offset)
      const gap = Math.floor(table.abar.length / steps)
      compare(`timesteps ${spacing} ${steps}`, { timesteps: found, prev: found.map((t) => t - gap) }, { timesteps, prev }, 0)
    }
    for (const [i, { unit_noise, steps, spacing, steps_offset, ...expected }] of file.euler.entries())
      compare(`euler ${i}`, await eulerForm(world, { unit_noise, steps, spacing, steps_offset }), expected, file.tolerance.euler)
    for (const [key, block] of Object.entries<Inputs>(file)) {
      if (!block || typeof block !== 'object' || !('expected' in block)) continue
      const run = blocks[key] ?? blocks[key.replace(/^(sample).*/, '$1')]
      if (run) compare(key, await run(world, block), block.expected, file.tolerance.abs)
      else notes.push(`${key}: nothing answers for this block`)
    }
    return notes
  },
}
