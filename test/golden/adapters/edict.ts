import { ddimInversion } from '../../../main/algorithms/inversion/ddim-inversion.ts'
import { coupledUp, edict, mixPair } from '../../../main/algorithms/inversion/edict.ts'
import { levelsOf } from '../../../main/math/move.ts'
import { nodeOfLevel, tableOfPath } from '../../../main/math/timesteps.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, pathOf, signal } from './diffusion-world.ts'
import { type EditingWorld, editingWorld, everyFifth, furthestApart, journey } from './editing-world.ts'

const make = (p: number) => edict.make({ mix: p, leapfrog: true }, {})

/** One entry of each kind of block in the file, by its key. */
const blocks: Readonly<Record<string, (world: EditingWorld, block: Inputs) => Promise<Inputs>>> = {
  async official(world, block) {
    const legs = world.legs(block)
    const inversion = make(block.p)
    const x = flat(block.x_0)
    const source = world.denoise(block.invert_prompt, block.guidance)
    const { states, end } = await journey(inversion.there(x, legs, source, signal), [x, x])
    const target = world.denoise(block.edit_prompt, block.guidance)
    return {
      inverted_pair: end.states,
      reconstructed_pair: (await journey(inversion.back(end, source, signal), end.states)).end,
      edited_pair: (await journey(inversion.back(end, target, signal), end.states)).end,
      ddim_only_inverted: (await journey(ddimInversion.make({}, {}).there(x, legs, source, signal), [x])).end.states[0],
      inverse_trajectory_every_5: everyFifth(states),
    }
  },
  async sample(world, block) {
    const legs = world.legs(block)
    const inversion = make(block.p)
    const denoise = world.denoise(block.prompt, block.guidance)
    const x = flat(block.x_T)
    const levels = levelsOf(legs)
    const { states, end } = await journey(inversion.back({ levels, states: [x, x] }, denoise, signal), [x, x])
    const again = await inverse(world, block, end)
    return { trajectory_pairs: states, inverted_again_pair: again, round_trip_max_abs_error: furthestApart(again, [x, x]) }
  },
  async edit_offset1(world, block) {
    const inversion = make(block.p)
    const x = flat(block.x_0)
    const source = world.denoise(block.invert.prompt, block.invert.guidance)
    const { states, end } = await journey(inversion.there(x, world.legs(block), source, signal), [x, x])
    const target = world.denoise(block.edit.prompt, block.edit.guidance)
    return { inverse_trajectory_pairs: states, edited_pair: (await journey(inversion.back(end, target, signal), end.states)).end }
  },
  async mix(_, block) {
    const [x, y] = mixPair([flat(block.x), flat(block.y)], block.p)
    return { x, y, difference_ratio: (x[0] - y[0]) / (block.x[0] - block.y[0]) }
  },
}

/** The way up from a pair of two. */
const inverse = async (world: EditingWorld, block: Inputs, pair: readonly Float64Array[]): Promise<readonly Float64Array[]> => {
  const denoise = world.denoise(block.prompt, block.guidance)
  return (await journey(coupledUp(pair, levelsOf(world.legs(block)), { mix: block.p, leapfrog: true }, denoise, signal), pair)).end
}

/** EDICT's coupled sequences, with a mixture for a network. */
export const edictAdapter: FileAdapter = {
  name: 'edict',
  recognises: (file) => Boolean(file.official?.p && file.mix),
  async check(file) {
    const notes: string[] = []
    const compare = (name: string, actual: unknown, expected: unknown, tolerance: number) =>
      notes.push(...differences(actual, expected, () => tolerance, name))
    const world = editingWorld(file.settings, file.mixture, file.conditions)
    const table = tableOfPath(pathOf(file.settings.schedule))
    for (const [i, { t, x, ...eps }] of file.eps_check.entries())
      for (const key of Object.keys(eps)) {
        const prompt = key.replace(/^eps_(empty)?/, '')
        const said = (await world.denoise(prompt)(flat(x), nodeOfLevel(table, Math.max(0, t)), signal)).eps
        compare(`eps_check ${i} ${key}`, said, eps[key], file.tolerance.abs)
      }
    const levels = world.legs(file.official).map((leg) => leg.from.label)
    compare('levels', levels, file.official.levels_t_high_to_low, 0)
    for (const [key, block] of Object.entries<Inputs>(file)) {
      if (!block || typeof block !== 'object' || !('expected' in block)) continue
      const run = blocks[key]
      if (!run) {
        notes.push(`${key}: nothing answers for this block`)
        continue
      }
      const { round_trip_max_abs_error: error, ...expected } = block.expected
      const { round_trip_max_abs_error: found, ...actual } = await run(world, block)
      compare(key, actual, expected, file.tolerance.abs)
      if (error !== undefined) compare(`${key}, round trip`, found, error, file.tolerance.round_trip)
    }
    return notes
  },
}
