import type { Solution } from '../math/conjugate-gradient.ts'
import type { Leg, Node, Path } from '../math/gaussian-path.ts'
import type { ModelStatistics } from '../math/model-statistics.ts'
import type { Denoise } from '../math/prediction.ts'
import type { RelaxingNetwork } from '../math/relaxing-network.ts'
import type { Tensor } from '../math/tensor.ts'
import type { BilevelSolver } from './bilevel.ts'
import type { ConstrainedMinimiser } from './constrained.ts'
import type { Critic, PolicyAscent, SwitchBandit } from './decision.ts'
import type { Inversion, ObjectEditor } from './editing.ts'
import type { Completion, MatrixSensing, TakeSplit } from './low-rank.ts'
import type { DamageQuery, PlugAndPlay, Reconstructor, SequenceRepair } from './measurement.ts'
import type { Optimizer } from './optimizer.ts'
import type { OrbitStepper } from './orbit.ts'
import type { FlowPenalty, KernelPenalty } from './penalty.ts'
import type { DirectionSolver, PoissonSolver, RelaxationTuner } from './poisson.ts'
import type { PrivateTraining } from './privacy.ts'
import type { Recogniser } from './recogniser.ts'
import type { Regression } from './regression.ts'
import type { SettingsSearch, TasteSearch } from './search.ts'
import type { SequenceLayer } from './sequence.ts'
import type { SplatRelighter, ViewGuidance } from './splats.ts'
import type { TargetFitter } from './target-fit.ts'
import type { ColourMatcher, RowSampler, TransportSolver } from './transport.ts'

/** A network as a method sees it: named tensors in, named tensors out. Batch first. Any size its card allows. */
export interface Network {
  run(inputs: Readonly<Record<string, Tensor>>, signal: AbortSignal): Promise<Readonly<Record<string, Tensor>>>
  /** Gives the memory of a result back at once, where it would lie about until it is swept up; nobody may look at it again. */
  readonly free?: (result: Tensor) => void
  /** Sides must be multiples of this, in pixels. */
  readonly multiple: number
  /** How far a pixel's value reaches, in pixels: tiles overlap by this much. */
  readonly overlap: number
  /** Standard deviation of the noise it was trained to start from, in 0..1; null where its training had none. */
  readonly sigmaSource: number | null
  /** Standard deviation of the noise it was trained to take away, in 0..1; left out where that is no single one. */
  readonly sigma?: number | undefined
  /** Id and SHA-256 of the file, for the recipe. */
  readonly model: { readonly id: string; readonly sha256: string }
}

/** One step of a long computation: what is done, out of how much. `preview` is [3, row, column] in 0..1. */
export interface Step {
  readonly step: number
  readonly steps: number
  readonly label: string
  readonly preview: Tensor | null
}

/** A result of a restorer, with what can be said of it. `picture` is [3, row, column] in 0..1. */
export interface Restored {
  readonly label: string
  readonly visible: boolean
  readonly picture: Tensor
  readonly measures: Readonly<Record<string, number>>
}

/**
 * Gives back what was photographed.
 * `damaged` is [3, row, column], sRGB-encoded 0..1. Results are listed bottom first; the last is the one to show.
 * The same damaged picture, parameters and seed give the same bytes.
 */
export interface Restorer {
  restore(damaged: Tensor, seed: number, signal: AbortSignal): AsyncGenerator<Step, readonly Restored[], void>
}

/** A linear map between pictures, with its exact adjoint. Tensors are [channel, row, column]; float64 inside. */
export interface LinearOperator {
  readonly inShape: readonly number[]
  readonly outShape: readonly number[]
  apply(x: Float64Array): Float64Array
  adjoint(y: Float64Array): Float64Array
  /** The pseudo-inverse, where it has a closed form. */
  pinv?(y: Float64Array): Float64Array
}

/** A two-sided interpolant at one time: x(t) = a x0 + b x1 + gamma z between two distributions, z standard normal. */
export interface Interpolation {
  readonly a: number
  readonly b: number
  readonly da: number
  readonly db: number
  readonly gamma: number
  /** gamma times its slope: finite where the slope is not. */
  readonly gammaSlope: number
}

/** Joins any two distributions: x0 at t = 0, x1 at t = 1. */
export interface Bridge {
  at(t: number): Interpolation
}

/**
 * Corruption that differs by spatial frequency: in the orthonormal Fourier transform, x(k) = sqrt(abar) x0 + sqrt(1 - abar) z with
 * abar a table of frequencies. Pictures are [channel, row, column], row-major; z is white noise of the pixels.
 */
export interface SpectralPath {
  /** k runs from 0, nearly the picture, to steps - 1, nearly the noise. */
  readonly steps: number
  /** Power of the data at each frequency, [row, column], the constant part first. */
  readonly spectrum: Float64Array
  abar(k: number): Float64Array
  beta(k: number): Float64Array
  forward(x0: Float64Array, z: Float64Array, k: number): Float64Array
  /** One step back with what a network says of z; from k = 0 to the picture. */
  ddim(x: Float64Array, eps: Float64Array, k: number): Float64Array
  /** The same with fresh noise; none is added at k = 0. */
  ancestral(x: Float64Array, eps: Float64Array, k: number, noise: Float64Array): Float64Array
  /** What a perfect network says where the data is Gaussian with this spectrum: no network is needed for textures. */
  gaussianNoise(x: Float64Array, k: number): Float64Array
  /** The far end of a chain of many steps, at once: tau 0 is the white noise w itself, 1 the full texture. Tileable. */
  texture(w: Float64Array, tau: number): Float64Array
}

/** Where the steps of a generation fall. The same path and count give the same legs. */
export interface Schedule {
  /** @throws RangeError where so many steps do not fit the path, or the path has no discrete levels and they are needed. */
  legs(path: Path, steps: number): readonly Leg[]
}

/** What a diffusion model is to a solver: its path, and what was measured of it, if anything was. */
export interface Model {
  readonly path: Path
  readonly statistics: ModelStatistics | null
}

/** The next standard normal numbers, so many. */
export type Draw = (count: number) => Float64Array

/** The whole way of one generation, known from the start. */
export interface Course {
  readonly legs: readonly Leg[]
  readonly model: Model
  /** Randomness, for the solvers that use it. */
  readonly draw: Draw
}

/** A place where the network was asked, and what it said. */
export interface Asked {
  readonly node: Node
  readonly x: Float64Array
  readonly x0: Float64Array
  readonly eps: Float64Array
}

/** What every solver's state shows: where the generation stands, in float64. */
export interface Sampled {
  readonly x: Float64Array
  /** What the method has to tell of its choices on the way, a list of numbers each; for panels. */
  readonly report?: Readonly<Record<string, readonly number[]>>
}

/**
 * Takes a generation one leg further. A state is a value: stepping twice from one gives the same twice (where nothing is drawn).
 * Error falls with the `order`-th power of the step where a multistep method is given exact history.
 */
export interface Solver<S extends Sampled = Sampled> {
  readonly order: number
  /** Network calls of a whole course. */
  calls(legs: readonly Leg[]): number
  /** Moves the nodes of a course where the method needs them; absent where it takes any. */
  fit?(legs: readonly Leg[], model: Model): readonly Leg[]
  /** @param past what was asked before the first leg, newest last; a multistep method begins at a low order without it. */
  start(x: Float64Array, course: Course, past?: readonly Asked[]): S
  /** @throws RangeError where the leg goes nowhere or the method cannot take it. */
  step(state: S, denoise: Denoise, from: Node, to: Node, signal: AbortSignal): Promise<S>
}

/** A symmetric, positive semidefinite system G x = b. */
export interface LinearSystem {
  apply(x: Float64Array): Float64Array
  readonly b: Float64Array
  /** Nothing, unless given. */
  readonly start?: Float64Array
}

/** Solves a system by iterations, and says how it ended: a failure is a status, not a throw. Yields after each iteration. */
export interface LinearSolver {
  solve(system: LinearSystem, signal: AbortSignal): AsyncGenerator<Solution, Solution, void>
}

/** Every role a method can play, by name. */
export interface Roles {
  bridge: Bridge
  completion: Completion
  'constrained-minimiser': ConstrainedMinimiser
  'damage-query': DamageQuery
  'direction-solver': DirectionSolver
  'flow-penalty': FlowPenalty
  inversion: Inversion
  'kernel-penalty': KernelPenalty
  'linear-solver': LinearSolver
  'matrix-sensing': MatrixSensing
  'object-editor': ObjectEditor
  path: Path
  schedule: Schedule
  'sequence-repair': SequenceRepair
  solver: Solver
  'spectral-path': SpectralPath
  'take-split': TakeSplit
  'plug-and-play': PlugAndPlay
  'poisson-solver': PoissonSolver
  'relaxation-tuner': RelaxationTuner
  reconstructor: Reconstructor
  optimizer: Optimizer
  'bilevel-solver': BilevelSolver
  'target-fitter': TargetFitter
  regression: Regression
  restorer: Restorer
  operator: LinearOperator
  'settings-search': SettingsSearch
  'transport-solver': TransportSolver
  'taste-search': TasteSearch
  'sequence-layer': SequenceLayer
  'colour-matcher': ColourMatcher
  'row-sampler': RowSampler
  critic: Critic
  'policy-ascent': PolicyAscent
  'orbit-stepper': OrbitStepper
  recogniser: Recogniser<RelaxingNetwork>
  'splat-relighter': SplatRelighter
  'private-training': PrivateTraining
  'switch-bandit': SwitchBandit
  'view-guidance': ViewGuidance
}
export type Role = keyof Roles
