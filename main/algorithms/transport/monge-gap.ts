import { z } from 'zod'
import { type Adam, adamStep, type Moments, noMoments } from '../../math/adam.ts'
import { outcome, type Tick } from '../../math/integrate.ts'
import { type Palette, paletteOf } from '../../math/palette.ts'
import { inPieces } from '../../math/pause.ts'
import { type Cloud, cloudProblem, costBetween, meanCost } from '../../math/point-cost.ts'
import { advance, noiseOf, uniformsInto } from '../../math/random.ts'
import { moved, type ResidualNetwork, weightSlope, youngNetwork } from '../../math/residual-network.ts'
import { define, Refusal } from '../define.ts'
import type { ColourMatch, TransportSolver } from '../transport.ts'
import { type MongeLoss, type MongeTask, mongeLoss, type Prices, selfCost } from './monge-loss.ts'

const params = z.object({
  colours: z.int().min(2).max(1024).default(256).meta({ title: 'Colours', description: 'How many colours stand for each picture.' }),
  steps: z.int().min(1).max(10_000).default(400).meta({ title: 'Steps' }),
  lambda: z.number().min(0).default(1).meta({
    title: 'Moderation',
    description: 'How much it counts that no colour goes further than it must. At 0 hues may turn into their opposites.',
  }),
  share: z.number().min(0).lt(1).default(0.25).meta({
    title: 'All colours',
    description: 'How much the colours that are in neither picture count: a table for other pictures needs them.',
  }),
  cost: z
    .enum(['square', 'distance'])
    .default('square')
    .meta({ title: 'Cost', description: 'The square of the way of a colour, or the way.' }),
  fit: z.number().gt(0).default(0.1).meta({ title: 'Blur of the fit', description: 'As a share of the mean cost within the reference.' }),
  gap: z.number().gt(0).default(0.01).meta({ title: 'Blur of the ways', description: 'As a share of the mean cost between the pictures.' }),
  width: z.int().min(1).default(64).meta({ title: 'Width of the network' }),
  rate: z.number().gt(0).default(2e-3).meta({ title: 'Rate' }),
})
type Settings = z.output<typeof params>

/** Plans are this wrong while the map is still changing. */
const TOLERANCE = 1e-3
/** Uniform points for each colour of the palette. */
const SPREAD = 1 / 3
/** From here on the steps are shorter. */
const [LATE, SHORTER] = [0.7, 0.3]
const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }

/** A map on its way. */
export interface Trained {
  readonly network: ResidualNetwork
  readonly moments: Moments
  /** Before the step. */
  readonly loss: MongeLoss
}

/** One step of Adam down the loss. */
export async function trainStep(
  task: MongeTask,
  { network, moments, prices }: { readonly network: ResidualNetwork; readonly moments: Moments; readonly prices: Prices },
  referenceSelf: number,
  adam: Adam,
  signal: AbortSignal,
): Promise<Trained> {
  const loss = await mongeLoss(task, moved(network, task.rho.points), referenceSelf, prices, signal)
  const next = adamStep(network.weights, weightSlope(network, task.rho.points, loss.slope), moments, adam)
  return { network: { ...network, weights: next.x }, moments: next.moments, loss }
}

/** The palette for 1 - share, and uniform points for the rest. */
export function rhoOf({ colours, weights }: Palette, uniform: Float64Array, share: number): Cloud {
  const count = uniform.length / 3
  const kept = count > 0 ? 1 - share : 1
  const points = new Float64Array(colours.length + uniform.length)
  points.set(colours)
  points.set(uniform, colours.length)
  const all = new Float64Array(weights.length + count).fill(share / count)
  for (const [i, weight] of weights.entries()) all[i] = kept * weight
  return { points, weights: all }
}

const asCloud = ({ colours, weights }: Palette): Cloud => ({ points: colours, weights })

/** The share of the palette where the map turns colours inside out: the determinant of its slope is below 0. */
export function foldedShare(map: (colours: Float64Array) => Float64Array, { colours, weights }: Palette): number {
  const h = 1e-4
  const columns = [0, 1, 2].map((channel) => {
    const by = (step: number) => map(colours.map((value, i) => (i % 3 === channel ? value + step : value)))
    const [up, down] = [by(h), by(-h)]
    return up.map((value, i) => (value - down[i]) / (2 * h))
  })
  return weights.reduce((sum, weight, i) => {
    const [[a, b, c], [d, e, f], [g, h2, k]] = columns.map((column) => [...column.subarray(3 * i, 3 * i + 3)])
    const determinant = a * (e * k - f * h2) - b * (d * k - f * g) + c * (d * h2 - e * g)
    return determinant < 0 ? sum + weight : sum
  }, 0)
}

/** What a map's ways cost beyond the cheapest with the same ends, hardly blurred: 0 for the slope of a convex function. */
export async function exactGap(
  cost: Settings['cost'],
  from: Cloud,
  to: Float64Array,
  solver: TransportSolver,
  signal: AbortSignal,
): Promise<number> {
  const width = from.points.length / from.weights.length
  const ways = from.weights.reduce((sum, weight, i) => sum + weight * costBetween(cost, from.points, i, to, i, width), 0)
  const target = { points: to, weights: from.weights }
  const epsilon = Math.max(1e-12, 3e-4 * meanCost(cost, from, target))
  const { cost: least } = await outcome(solver.solve(cloudProblem(cost, from, target, epsilon), signal))
  return ways - least
}

async function* match(
  source: Float64Array,
  reference: Float64Array,
  solver: TransportSolver,
  seed: number,
  signal: AbortSignal,
  settings: Settings,
): AsyncGenerator<Tick<ColourMatch>, ColourMatch, void> {
  const palette = await inPieces(paletteOf(source, settings.colours, seed), signal)
  const wanted = await inPieces(paletteOf(reference, settings.colours, seed + 1), signal)
  if (palette.weights.length < 2 || wanted.weights.length < 2)
    throw new Refusal(
      'The look cannot be matched.',
      `${palette.weights.length < 2 ? 'The picture' : 'The reference'} has a single colour.`,
      'Choose a picture with several colours.',
    )
  const uniform = new Float64Array(settings.share > 0 ? 3 * Math.max(1, Math.round(SPREAD * palette.weights.length)) : 0)
  uniformsInto(uniform, advance(noiseOf(seed), 1_000_000))
  const task: MongeTask = {
    cost: settings.cost,
    reference: asCloud(wanted),
    rho: rhoOf(palette, uniform, settings.share),
    sourceWeights: palette.weights,
    epsilonFit: settings.fit * meanCost(settings.cost, asCloud(wanted), asCloud(wanted)),
    epsilonGap: settings.gap * meanCost(settings.cost, asCloud(palette), asCloud(wanted)),
    lambda: settings.lambda,
    tolerance: TOLERANCE,
    solver,
  }
  let network = youngNetwork([3, settings.width, settings.width, 3], seed)
  let moments = noMoments(network.weights.length)
  let prices: Prices = {}
  const referenceSelf = await selfCost(task, signal)
  const asMatch = (current: ResidualNetwork, { divergence, gap }: MongeLoss): ColourMatch => {
    const apply = (colours: Float64Array) => moved(current, colours)
    return { apply, palette, measures: { apart: divergence.value, gap: gap.value }, folded: () => foldedShare(apply, palette) }
  }
  for (let step = 0; step < settings.steps; step++) {
    signal.throwIfAborted()
    const rate = settings.rate * (step >= LATE * settings.steps ? SHORTER : 1)
    const next = await trainStep(task, { network, moments, prices }, referenceSelf, { ...ADAM, rate }, signal)
    ;({ network, moments } = next)
    prices = next.loss.prices
    yield { step: step + 1, steps: settings.steps, state: asMatch(network, next.loss) }
  }
  return asMatch(network, await mongeLoss(task, moved(network, task.rho.points), referenceSelf, prices, signal))
}

/**
 * A smooth map of colours T(x) = x + N(x) trained so that the palette's distribution becomes the reference's (a Sinkhorn divergence),
 * while no colour goes further than the cheapest way with the same ends needs (the Monge gap, over the palette and over all colours).
 * The slope comes of the plans alone, held fixed. Clouds stay the same from step to step, so that each plan begins from the last.
 */
export const mongeGapMatch = define({
  id: 'monge-gap',
  role: 'colour-matcher',
  title: 'Match look',
  summary: 'Gives a picture the colours of another, each moved as little as possible.',
  paper: { title: 'The Monge Gap: A Regularizer to Learn All Transport Maps', year: 2023, link: 'https://arxiv.org/abs/2302.04953' },
  params,
  needs: {},
  make: (settings) => ({
    match: (source, reference, solver, seed, signal) => match(source, reference, solver, seed, signal, settings),
  }),
})
