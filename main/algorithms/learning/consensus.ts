import { z } from 'zod'
import { consensusOf, contract } from '../../math/consensus.ts'
import { turn } from '../../math/pause.ts'
import { advance, noiseOf, normalsInto, uniformsInto } from '../../math/random.ts'
import { define, Refusal } from '../define.ts'
import type { Cloud, Found, SearchProblem } from '../search.ts'

const params = z.object({
  particles: z
    .int()
    .min(10)
    .max(1000)
    .default(60)
    .meta({ title: 'Looks at once', description: 'How many settings are tried in each round.' }),
  steps: z.int().min(1).max(1000).default(60).meta({ title: 'Rounds' }),
  dt: z.number().gt(0).max(1).default(0.2).meta({ title: 'Step' }),
  pull: z.number().gt(0).max(10).default(1).meta({ title: 'Pull', description: 'How strongly all are drawn to the consensus.' }),
  sigmaStart: z.number().min(0).max(10).default(Math.sqrt(6)).meta({ title: 'Noise at the start' }),
  sigmaEnd: z.number().min(0).max(10).default(Math.sqrt(0.5)).meta({ title: 'Noise at the end' }),
  alpha: z.number().gt(0).default(1000).meta({ title: 'Sharpness', description: 'How much the best counts in the consensus.' }),
  noise: z.enum(['anisotropic', 'isotropic']).default('anisotropic').meta({ title: 'Noise' }),
})
type Settings = z.output<typeof params>

/** With more sliders than this, some are searched at a time: success falls fast with their number. */
const TOGETHER = 6
const BLOCK = 3

const blocksOf = (sliders: number): readonly (readonly number[])[] => {
  const all = Array.from({ length: sliders }, (_, i) => i)
  if (sliders <= TOGETHER) return [all]
  return Array.from({ length: Math.ceil(sliders / BLOCK) }, (_, b) => all.slice(b * BLOCK, (b + 1) * BLOCK))
}

const inBox = (settings: Float64Array) => settings.map((value) => Math.min(1, Math.max(-1, value)))

function expectProblem({ sliders, starts }: SearchProblem): void {
  if (!(Number.isInteger(sliders) && sliders > 0)) throw new RangeError(`A search over ${sliders} sliders is none.`)
  for (const start of starts)
    if (start.length !== sliders || !start.every((value) => Math.abs(value) <= 1))
      throw new RangeError(`Settings to begin with must be ${sliders} numbers in -1..1.`)
}

/** Draws together, round after round; what is told are whole settings, also where a block of the sliders is searched. */
export async function* consensusSearch(
  problem: SearchProblem,
  settings: Settings,
  signal: AbortSignal,
): AsyncGenerator<Cloud, Found, void> {
  expectProblem(problem)
  const { sliders, starts, seed } = problem
  const { steps, dt, pull, noise, alpha } = settings
  const count = Math.max(settings.particles, starts.length)
  const blocks = blocksOf(sliders)
  let chance = noiseOf(seed)
  const drawn = (width: number, into: typeof normalsInto): Float64Array[] => {
    const numbers = new Float64Array(count * width)
    into(numbers, chance)
    chance = advance(chance, numbers.length)
    return Array.from({ length: count }, (_, i) => numbers.slice(i * width, (i + 1) * width))
  }
  const ask = async (at: Float64Array): Promise<number> => {
    signal.throwIfAborted()
    return problem.value(at, signal)
  }
  let best: Found = { settings: inBox(starts[0] ?? new Float64Array(sliders)), value: Number.POSITIVE_INFINITY }
  const note = (at: Float64Array, value: number) => {
    if (value < best.value) best = { settings: at, value }
  }
  for (const [place, block] of blocks.entries()) {
    const base = best.settings
    const whole = (part: Float64Array) => {
      const all = base.slice()
      for (const [k, slider] of block.entries()) all[slider] = part[k]
      return all
    }
    const partOf = (all: Float64Array) => Float64Array.from(block, (slider) => all[slider])
    let parts = drawn(block.length, uniformsInto).map((values) => values.map((value) => 2 * value - 1))
    for (const [i, start] of (place === 0 ? starts : [base]).entries()) parts[i] = partOf(start)
    for (let step = 0; step < steps; step++) {
      await turn(signal)
      const particles = parts.map(whole)
      const values = new Float64Array(count)
      for (const [i, particle] of particles.entries()) {
        values[i] = await ask(particle)
        note(particle, values[i])
      }
      if (!Number.isFinite(best.value))
        throw new Refusal(
          'No settings gave anything to compare.',
          'Every look that was tried has no value.',
          'Choose other sliders or another reference.',
        )
      if (values.some(Number.isFinite)) {
        const centre = consensusOf(parts, values, alpha, true)
        yield { step: place * steps + step + 1, steps: blocks.length * steps, particles, values, consensus: whole(centre), best }
        const share = steps > 1 ? step / (steps - 1) : 0
        const sigma = Math.sqrt((1 - share) * settings.sigmaStart ** 2 + share * settings.sigmaEnd ** 2)
        parts = contract(parts, centre, { dt, pull, sigma, noise }, drawn(block.length, normalsInto)).map(inBox)
        if (step === steps - 1) note(whole(centre), await ask(whole(centre)))
      } else parts = drawn(block.length, uniformsInto).map((numbers) => numbers.map((value) => 2 * value - 1))
    }
  }
  return best
}

/**
 * Consensus-based optimisation: a cloud of settings is tried; all move towards their mean weighted by exp(-alpha E), and about by
 * noise in proportion to what is left of the distance, V ← c + (1 - pull dt)(V - c) + sigma √dt |V - c| ξ. For many particles the
 * consensus follows a descent along the slope that nobody computed. Values are spread over 0..1 before they are weighted, so that
 * alpha means the same for every reference; the noise falls, as in a box a cloud with much of it never draws together. The answer is
 * the best that was ever seen. Of three sliders with many false bottoms it finds the true one nearly always, of six in a quarter.
 */
export const consensus = define({
  id: 'consensus',
  role: 'settings-search',
  title: 'Match this look',
  summary: 'Finds the settings that come nearest to a reference, by trying many at once.',
  paper: { title: 'Gradient is All You Need?', year: 2023, link: 'https://arxiv.org/abs/2306.09778' },
  params,
  needs: {},
  make: (settings) => ({
    evaluations: ({ sliders, starts }) => blocksOf(sliders).length * (settings.steps * Math.max(settings.particles, starts.length) + 1),
    search: (problem, signal) => consensusSearch(problem, settings, signal),
  }),
})
