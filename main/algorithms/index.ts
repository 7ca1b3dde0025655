import type { z } from 'zod'
import type { Method } from './define.ts'
import { edm } from './diffusion/paths/edm.ts'
import { kineticOptimal } from './diffusion/paths/kinetic-optimal.ts'
import { rectifiedFlow } from './diffusion/paths/rectified-flow.ts'
import { shortestPath } from './diffusion/paths/shortest-path.ts'
import { stochasticInterpolant } from './diffusion/paths/stochastic-interpolant.ts'
import { trig } from './diffusion/paths/trig.ts'
import { vpCosine } from './diffusion/paths/vp-cosine.ts'
import { vpDiscrete } from './diffusion/paths/vp-discrete.ts'
import { vpLinear } from './diffusion/paths/vp-linear.ts'
import { autoDiffusion } from './diffusion/schedules/auto-diffusion.ts'
import { eulerDiscrete } from './diffusion/schedules/euler-discrete.ts'
import { karras } from './diffusion/schedules/karras.ts'
import { kineticSpacing } from './diffusion/schedules/kinetic-spacing.ts'
import { logSnr } from './diffusion/schedules/log-snr.ts'
import { multistep } from './diffusion/schedules/multistep.ts'
import { quadratic } from './diffusion/schedules/quadratic.ts'
import { uniform } from './diffusion/schedules/uniform.ts'
import { bdia } from './diffusion/solvers/bdia.ts'
import { ddim } from './diffusion/solvers/ddim.ts'
import { dpmOt } from './diffusion/solvers/dpm-ot.ts'
import { dpmSolverPp } from './diffusion/solvers/dpm-solver-pp.ts'
import { dpmSolverV3 } from './diffusion/solvers/dpm-solver-v3.ts'
import { euler } from './diffusion/solvers/euler.ts'
import { heun } from './diffusion/solvers/heun.ts'
import { rungeKutta } from './diffusion/solvers/runge-kutta.ts'
import { timeShift } from './diffusion/solvers/time-shift.ts'
import { unifiedSampling } from './diffusion/solvers/unified-sampling.ts'
import { unipc } from './diffusion/solvers/unipc.ts'
import { bdiaInversion } from './inversion/bdia-inversion.ts'
import { ddimInversion } from './inversion/ddim-inversion.ts'
import { edict } from './inversion/edict.ts'
import { objectAware } from './inversion/object-aware.ts'
import { adamp } from './learning/adamp.ts'
import { adaptiveStepper } from './learning/adaptive-stepper.ts'
import { consensus } from './learning/consensus.ts'
import { diagonalizedStateSpace } from './learning/diagonalized-state-space.ts'
import { equilibriumPropagation } from './learning/equilibrium-propagation.ts'
import { fisherPolicyGradient } from './learning/fisher-policy-gradient.ts'
import { holobeam } from './learning/holobeam.ts'
import { implicitDifferentiation } from './learning/implicit-differentiation.ts'
import { interfaceConditions } from './learning/interface-conditions.ts'
import { lagrangianBilevel } from './learning/lagrangian-bilevel.ts'
import { locallyRegularized } from './learning/locally-regularized.ts'
import { mFac } from './learning/m-fac.ts'
import { martingaleEvaluation } from './learning/martingale-evaluation.ts'
import { multiBlockBilevel } from './learning/multi-block-bilevel.ts'
import { orthogonalConvolution } from './learning/orthogonal-convolution.ts'
import { penaltyBilevel } from './learning/penalty-bilevel.ts'
import { privateStationary } from './learning/private-stationary.ts'
import { selfDistillation } from './learning/self-distillation.ts'
import { targetSurrogate } from './learning/target-surrogate.ts'
import { conjugateGradient } from './linear/conjugate-gradient.ts'
import { deepConjugateDirection } from './linear/deep-conjugate-direction.ts'
import { learnedRelaxation } from './linear/learned-relaxation.ts'
import { matrixSensing } from './linear/matrix-sensing.ts'
import { multigridConjugateGradient } from './linear/multigrid.ts'
import { robustCompletion } from './linear/robust-completion.ts'
import { sketchedNewton } from './linear/sketched-newton.ts'
import { subgradientRecovery } from './linear/subgradient-recovery.ts'
import { dds } from './restoration/methods/dds.ts'
import { degradationDatabase } from './restoration/methods/degradation-database.ts'
import { learnedProximal } from './restoration/methods/learned-proximal.ts'
import { pmrf } from './restoration/methods/pmrf.ts'
import { redDiff } from './restoration/methods/red-diff.ts'
import { redPsm } from './restoration/methods/red-psm.ts'
import { stsl } from './restoration/methods/stsl.ts'
import { undoBlur } from './restoration/methods/undo-blur.ts'
import { blur } from './restoration/operators/blur.ts'
import { fourier } from './restoration/operators/fourier.ts'
import { grey } from './restoration/operators/grey.ts'
import { mask } from './restoration/operators/mask.ts'
import { radon } from './restoration/operators/radon.ts'
import { resize } from './restoration/operators/resize.ts'
import { gauntRelight } from './splats/gaunt-relight.ts'
import { trajectoryScoreMatching } from './splats/trajectory-score-matching.ts'
import { mongeGapMatch } from './transport/monge-gap.ts'
import { sensitivitySampling } from './transport/sensitivity-sampling.ts'
import { sinkhornNewtonSparse } from './transport/sinkhorn-newton-sparse.ts'

/** Every method of the studio, sorted by id. */
export const methods = [
  adamp,
  adaptiveStepper,
  autoDiffusion,
  bdia,
  bdiaInversion,
  blur,
  conjugateGradient,
  consensus,
  ddim,
  ddimInversion,
  dds,
  deepConjugateDirection,
  degradationDatabase,
  diagonalizedStateSpace,
  dpmOt,
  dpmSolverPp,
  dpmSolverV3,
  edict,
  edm,
  equilibriumPropagation,
  euler,
  eulerDiscrete,
  fisherPolicyGradient,
  fourier,
  gauntRelight,
  grey,
  heun,
  holobeam,
  implicitDifferentiation,
  interfaceConditions,
  karras,
  kineticOptimal,
  kineticSpacing,
  lagrangianBilevel,
  learnedProximal,
  learnedRelaxation,
  locallyRegularized,
  logSnr,
  mFac,
  martingaleEvaluation,
  mask,
  matrixSensing,
  mongeGapMatch,
  multiBlockBilevel,
  multigridConjugateGradient,
  multistep,
  objectAware,
  orthogonalConvolution,
  penaltyBilevel,
  pmrf,
  privateStationary,
  quadratic,
  radon,
  rectifiedFlow,
  redDiff,
  redPsm,
  resize,
  robustCompletion,
  rungeKutta,
  selfDistillation,
  sensitivitySampling,
  shortestPath,
  sinkhornNewtonSparse,
  sketchedNewton,
  stochasticInterpolant,
  stsl,
  subgradientRecovery,
  targetSurrogate,
  timeShift,
  trajectoryScoreMatching,
  trig,
  undoBlur,
  unifiedSampling,
  uniform,
  unipc,
  vpCosine,
  vpDiscrete,
  vpLinear,
] as const

export type AnyMethod = (typeof methods)[number]
export type MethodId = AnyMethod['id']

/** The method of that id, if there is one. */
export const methodOf = (id: string): AnyMethod | undefined => methods.find((method) => method.id === id)

/** A restorer of whatever settings and networks. */
export type AnyRestorer = Method<'restorer', z.ZodObject, Readonly<Record<string, string>>>
/** The methods that restore a picture: what `layer.restore` can name. */
export const restorers: readonly AnyRestorer[] = methods.filter((method) => method.role === 'restorer')
/** The linear maps that are known to damage pictures. */
export const operators = methods.filter((method) => method.role === 'operator')
/** What diffusion is made of: paths, where the steps fall, and how they are taken. */
export const paths = methods.filter((method) => method.role === 'path')
export const schedules = methods.filter((method) => method.role === 'schedule')
export const solvers = methods.filter((method) => method.role === 'solver')
/** What joins any two distributions. */
export const bridges = methods.filter((method) => method.role === 'bridge')
/** How a picture is brought to the noise and back. */
export const inversions = methods.filter((method) => method.role === 'inversion')
/** What finds a picture again that was measured through a known damage. */
export const reconstructors = methods.filter((method) => method.role === 'reconstructor')
/** What solves systems by asking for products alone. */
export const linearSolvers = methods.filter((method) => method.role === 'linear-solver')
/** What restores with a denoiser that is a proximal operator. */
export const plugAndPlays = methods.filter((method) => method.role === 'plug-and-play')
/** What is added to a loss: to keep convolutions from enlarging, and flows from being dear to follow. */
export const kernelPenalties = methods.filter((method) => method.role === 'kernel-penalty')
export const flowPenalties = methods.filter((method) => method.role === 'flow-penalty')
/** What finds settings by trying them. */
export const settingsSearches = methods.filter((method) => method.role === 'settings-search')
/** What carries one set of weights onto another. */
export const transportSolvers = methods.filter((method) => method.role === 'transport-solver')
/** What tells a picture from marks on it by several takes. */
export const takeSplits = methods.filter((method) => method.role === 'take-split')
/** How values are taken down a slope: splats, small networks. */
export const optimizers = methods.filter((method) => method.role === 'optimizer')
/** What finds the settings that are liked best, by ratings. */
export const tasteSearches = methods.filter((method) => method.role === 'taste-search')
/** What fills holes in what is regular. */
export const completions = methods.filter((method) => method.role === 'completion')
/** How settings are learned from examples. */
export const bilevelSolvers = methods.filter((method) => method.role === 'bilevel-solver')
/** What remembers a sequence. */
export const sequenceLayers = methods.filter((method) => method.role === 'sequence-layer')
/** What gives a picture the look of another. */
export const colourMatchers = methods.filter((method) => method.role === 'colour-matcher')
/** Seamless pasting: what solves for the pixels, and what learns to. */
export const poissonSolvers = methods.filter((method) => method.role === 'poisson-solver')
export const relaxationTuners = methods.filter((method) => method.role === 'relaxation-tuner')
/** What picks a few rows that stand for all. */
export const rowSamplers = methods.filter((method) => method.role === 'row-sampler')
/** What says what may still be expected. */
export const critics = methods.filter((method) => method.role === 'critic')
/** What improves a policy by trying. */
export const policyAscents = methods.filter((method) => method.role === 'policy-ascent')
/** What makes the most of dear calls. */
export const targetFitters = methods.filter((method) => method.role === 'target-fitter')
/** What follows bodies that attract each other. */
export const orbitSteppers = methods.filter((method) => method.role === 'orbit-stepper')
/** What minimises while equalities hold. */
export const constrainedMinimisers = methods.filter((method) => method.role === 'constrained-minimiser')
/** What spreads values from a few places over a picture. */
export const regressions = methods.filter((method) => method.role === 'regression')
/** What learns to tell gestures apart. */
export const recognisers = methods.filter((method) => method.role === 'recogniser')
/** What finds a matrix of unknown rank from linear measurements. */
export const matrixSensings = methods.filter((method) => method.role === 'matrix-sensing')
/** What lights a cloud of splats anew. */
export const splatRelighters = methods.filter((method) => method.role === 'splat-relighter')
/** What solves by directions that a network names. */
export const directionSolvers = methods.filter((method) => method.role === 'direction-solver')
/** What trains on private things. */
export const privateTrainings = methods.filter((method) => method.role === 'private-training')
/** What learns which switches to put on. */
export const switchBandits = methods.filter((method) => method.role === 'switch-bandit')
/** What says how rendered views must change. */
export const viewGuidances = methods.filter((method) => method.role === 'view-guidance')
/** What says what was done to a picture. */
export const damageQueries = methods.filter((method) => method.role === 'damage-query')
/** What edits several objects of a picture, each by itself. */
export const objectEditors = methods.filter((method) => method.role === 'object-editor')
/** What fills single frames from the others. */
export const sequenceRepairs = methods.filter((method) => method.role === 'sequence-repair')
/** Ways from pictures to noise that differ by frequency. */
export const spectralPaths = methods.filter((method) => method.role === 'spectral-path')
