import { z } from 'zod'
import { adamStep, noMoments } from '../../math/adam.ts'
import { paced } from '../../math/paced.ts'
import { advance, type Noise, noiseOf, normalsInto, uniformsInto } from '../../math/random.ts'
import {
  activitiesOf,
  type Layered,
  type RelaxingNetwork,
  readOut,
  relax,
  relaxingParts,
  weightCount,
} from '../../math/relaxing-network.ts'
import { define, Refusal } from '../define.ts'
import type { LearningStep, Lesson } from '../recogniser.ts'
import { type Batch, errorVectors, homeostasis, weightSlopes } from './equilibrium-gradient.ts'

const params = z.object({
  width: z.int().min(4).max(256).default(48).meta({ title: 'Width', description: 'Units of each hidden layer.' }),
  last: z.int().min(2).max(64).default(16).meta({ title: 'Width at the end', description: 'Units of the layer that is read.' }),
  steps: z.int().min(1).max(10_000).default(250).meta({ title: 'Steps' }),
  batch: z.int().min(1).max(500).default(20).meta({ title: 'Examples a step' }),
  homeostasis: z.number().min(0).max(100).default(5).meta({
    title: 'Homeostasis',
    description: 'How strongly feedback is drawn to mirror what goes forward; without it the network learns badly.',
  }),
  beta: z.number().gt(0).max(1).default(0.2).meta({ title: 'Nudge' }),
  points: z.int().min(1).max(12).default(2).meta({ title: 'Nudges', description: 'Relaxations an error is found by.' }),
  free: z.int().min(1).max(1000).default(60).meta({ title: 'Rest', description: 'Steps in which the network comes to rest.' }),
  nudged: z.int().min(1).max(1000).default(20).meta({ title: 'Rest after a nudge' }),
  damping: z.number().gt(0).max(1).default(0.5).meta({ title: 'Damping' }),
  // The reference has 1e-3. From these first weights that learns 8 shapes of 5 strokes too slowly: after 250 steps 48 and 65 of 100 new
  // strokes are told apart, and at 5e-3 in four lessons 100, 75, 99 and 100.
  rate: z.number().gt(0).max(1).default(5e-3).meta({ title: 'Rate' }),
  sure: z.number().min(0).max(1).default(0.6).meta({ title: 'Sure from', description: 'What is less likely than this is not recognised.' }),
})
type Settings = z.output<typeof params>

/** Each class has to be shown so often. */
const FEWEST = 3
/** The network rests where no state moves by more than this. */
const STILL = 1e-3
/** Weights that keep it from resting are lowered to this share. */
const CALMER = 0.9

function expectLesson({ classes, shown }: Lesson): void {
  if (!(Number.isInteger(classes) && classes >= 2)) throw new RangeError(`${classes} classes cannot be told apart.`)
  const width = shown[0]?.features.length ?? 0
  for (const { features, label } of shown)
    if (!(label >= 0 && label < classes && Number.isInteger(label)) || features.length !== width || !features.every(Number.isFinite))
      throw new RangeError('What was shown does not fit its classes, or is not finite.')
  for (let label = 0; label < classes; label++) {
    const count = shown.filter((one) => one.label === label).length
    if (count < FEWEST)
      throw new Refusal(
        `Gesture ${label + 1} was drawn ${count} times.`,
        `It takes ${FEWEST} to see what they share.`,
        'Draw it again, a little differently each time.',
      )
  }
}

/** Random weights; feedback is its own and mirrors nothing. */
function newborn(inputs: number, classes: number, { width, last }: Settings, chance: Noise): RelaxingNetwork {
  const shape = { inputs, layers: [width, width, last], classes }
  const weights = new Float64Array(weightCount(shape))
  normalsInto(weights, chance)
  const parts = relaxingParts({ shape, weights })
  for (const { rows, data } of [...parts.forward, ...parts.feedback, parts.readout])
    for (let i = 0; i < data.length; i++) data[i] /= Math.sqrt(rows)
  for (const data of [...parts.bias, parts.readoutBias]) data.fill(0)
  return { shape, weights }
}

/** Rests; where the network does not, twice as long, and then with layers that tell each other less. */
function atRest(network: RelaxingNetwork, x: Float64Array, { free, damping }: Settings) {
  const from = (now: RelaxingNetwork, start: Layered | null) => relax(now, x, { start, nudge: null, damping, steps: free })
  let rested = from(network, null)
  if (rested.residual > STILL) rested = from(network, rested.u)
  if (rested.residual <= STILL) return { network, u: rested.u }
  const calmer = { ...network, weights: network.weights.slice() }
  const { forward, feedback } = relaxingParts(calmer)
  for (const { data } of [...forward.slice(1), ...feedback]) for (let i = 0; i < data.length; i++) data[i] *= CALMER
  return { network: calmer, u: from(calmer, rested.u).u }
}

/** A batch at random, with replacement. */
function batchOf({ shown, classes }: Lesson, picks: Float64Array): Batch {
  const chosen = Array.from(picks, (pick) => shown[Math.floor(pick * shown.length)])
  const target = new Float64Array(chosen.length * classes)
  for (const [i, { label }] of chosen.entries()) target[i * classes + label] = 1
  return { x: Float64Array.from(chosen.flatMap(({ features }) => [...features])), target }
}

/** Trains a network on a lesson, a step at a time, and returns it; the seed of the lesson decides all chance. */
export function* learned(lesson: Lesson, settings: Settings): Generator<LearningStep<RelaxingNetwork>, RelaxingNetwork, void> {
  expectLesson(lesson)
  const { steps, beta, points, damping, nudged, rate } = settings
  let network = newborn(lesson.shown[0].features.length, lesson.classes, settings, noiseOf(lesson.seed))
  let moments = noMoments(network.weights.length)
  const adam = { rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
  const picks = new Float64Array(settings.batch)
  for (let step = 0; step < steps; step++) {
    uniformsInto(picks, advance(noiseOf(lesson.seed), network.weights.length + step * picks.length))
    const batch = batchOf(lesson, picks)
    const rested = atRest(network, batch.x, settings)
    const errors = errorVectors(rested.network, batch, rested.u, { beta, points, damping, steps: nudged })
    const slopes = weightSlopes(rested.network, batch, rested.u, errors)
    const { gradient } = homeostasis(rested.network)
    const next = adamStep(
      rested.network.weights,
      slopes.map((slope, i) => slope + settings.homeostasis * gradient[i]),
      moments,
      adam,
    )
    const p = probabilitiesOf(rested.network, activitiesOf(rested.u).re)
    const loss = -batch.target.reduce((sum, wanted, i) => sum + (wanted > 0 ? Math.log(p[i]) : 0), 0) / picks.length
    network = { ...network, weights: next.x }
    moments = next.moments
    yield { step: step + 1, steps, loss, knowledge: network }
  }
  return network
}

const probabilitiesOf = (network: RelaxingNetwork, activities: readonly Float64Array[]): Float64Array =>
  readOut(relaxingParts(network), activities[activities.length - 1], null).re

/** What the network at rest says of one example. */
export function classified(network: RelaxingNetwork, features: Float64Array, { free, damping }: Settings): Float64Array {
  const { u } = relax(network, features, { start: null, nudge: null, damping, steps: 2 * free })
  return probabilitiesOf(network, activitiesOf(u).re)
}

/**
 * Equilibrium propagation with homeostasis. A network whose layers tell each other, both ways, comes to rest over an example; pushed a
 * little towards the right answer it rests elsewhere, and the way its activities moved is the error of every unit: no second network
 * carries errors back. The pushes lie on a circle of radius beta, which takes the push's own size out of the estimate. True errors come
 * of it only where feedback mirrors the forward weights; homeostasis draws them there, adding ½ |J - Jᵀ|² of the Jacobian to the loss.
 */
export const equilibriumPropagation = define({
  id: 'equilibrium-propagation',
  role: 'recogniser',
  title: 'Teach a gesture',
  summary: 'Learns your own gestures from a few strokes, on the spot.',
  paper: {
    title: 'Improving equilibrium propagation without weight symmetry through Jacobian homeostasis',
    year: 2024,
    link: 'https://arxiv.org/abs/2309.02214',
  },
  params,
  needs: {},
  make: (settings) => ({
    learn: (lesson, signal) => paced(learned(lesson, settings), signal),
    probabilities: (network, features) => classified(network, features, settings),
    recognise: (network, features) => {
      const p = classified(network, features, settings)
      const best = p.indexOf(p.reduce((a, b) => Math.max(a, b)))
      return p[best] >= settings.sure ? best : null
    },
  }),
})
