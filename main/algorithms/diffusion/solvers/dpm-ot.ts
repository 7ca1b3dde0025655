import { z } from 'zod'
import { ddimStep } from '../../../math/ddim-step.ts'
import { mix } from '../../../math/mix.ts'
import { angleBetween, bestTwo } from '../../../math/semi-discrete.ts'
import { define } from '../../define.ts'
import type { Draw, Sampled, Solver } from '../../roles.ts'

interface State extends Sampled {
  readonly draw: Draw
  /** Which picture of the board each start was sent to. */
  readonly report: { readonly cells: readonly number[] }
}

const params = z.object({
  targets: z
    .array(z.array(z.number()))
    .default([])
    .meta({ title: 'Board', description: 'Pictures of the board, at the noise level where the steps begin.' }),
  heights: z.array(z.number()).default([]).meta({ title: 'Heights', description: 'What shares the seeds out evenly among the pictures.' }),
  variety: z.enum(['exact', 'noisy', 'blend']).default('noisy').meta({
    title: 'Variety',
    description: 'exact: as many results as pictures; noisy: endless variants; blend: between two pictures where they are alike.',
  }),
  angle: z.number().min(0).max(1).default(0.7).meta({ title: 'Likeness', description: 'How unlike two pictures may be that are blended.' }),
  temperature: z.number().gt(0).default(1).meta({ title: 'Softness', description: 'How evenly two pictures are blended.' }),
})
type Params = z.output<typeof params>

/** A start of noise, sent to the picture it falls to, or where two are alike to a point between them. */
function transport(x: Float64Array, targets: readonly Float64Array[], { heights, variety, angle, temperature }: Params) {
  const scores = Float64Array.from(targets, (target) => target.reduce((sum, value, i) => sum + value * x[i], 0))
  const tall = Float64Array.from(heights)
  const [best, second] = bestTwo(scores, 0, tall)
  if (variety !== 'blend' || second < 0) return { cell: best, x: targets[best].slice() }
  // Lengths grow with the root of the size: scaled back, the angle speaks of direction again.
  const scaled = targets.map((target) => target.map((value) => value / Math.sqrt(target.length)))
  const widest = scaled.reduce((most, other) => Math.max(most, angleBetween(scaled[best], other)), 0)
  if (angleBetween(scaled[best], scaled[second]) > angle * widest) return { cell: best, x: targets[best].slice() }
  const share = 1 / (1 + Math.exp((scores[second] + tall[second] - scores[best] - tall[best]) / temperature))
  return { cell: best, x: mix([share, targets[best]], [1 - share, targets[second]]) }
}

/**
 * DPM-OT: an optimal transport map takes the noise to a picture of a board, at the level where the steps begin; only the tail of
 * the generation is run. Each picture gets its equal share of all seeds. Without a board the start stays as it is.
 */
export const dpmOt = define({
  id: 'dpm-ot',
  role: 'solver',
  title: 'Moodboard express',
  summary: 'Sends every seed to one picture of a board and re-imagines it in five to ten calls.',
  paper: {
    title: 'DPM-OT: A New Diffusion Probabilistic Model Based on Optimal Transport',
    year: 2023,
    link: 'https://arxiv.org/abs/2307.11308',
  },
  params,
  needs: {},
  make: (given): Solver<State> => {
    if (given.targets.length !== given.heights.length)
      throw new RangeError(`${given.targets.length} pictures and ${given.heights.length} heights do not make a board.`)
    const targets = given.targets.map((target) => Float64Array.from(target))
    return {
      order: 1,
      calls: (legs) => legs.length,
      start: (x, { draw }) => {
        if (targets.length === 0) return { x, draw, report: { cells: [] } }
        const size = targets[0].length
        if (x.length % size !== 0) throw new RangeError(`A start of ${x.length} values does not fit pictures of ${size}.`)
        const sent = Array.from({ length: x.length / size }, (_, k) => transport(x.subarray(k * size, (k + 1) * size), targets, given))
        const landed = new Float64Array(x.length)
        for (const [k, one] of sent.entries()) landed.set(one.x, k * size)
        return { x: landed, draw, report: { cells: sent.map((one) => one.cell) } }
      },
      async step({ x, draw, report }, denoise, from, to, signal) {
        const prediction = await denoise(x, from, signal)
        return { x: ddimStep(prediction, from, to, given.variety === 'noisy' ? 1 : 0, draw), draw, report }
      },
    }
  },
})
