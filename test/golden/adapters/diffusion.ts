import type { FileAdapter, Inputs } from '../adapter.ts'
import { autoDiffusionAdapter } from './auto-diffusion.ts'
import { baselineSolvers } from './baseline-solvers.ts'
import { coreParameterization } from './core-parameterization.ts'
import { ddimAdapter } from './ddim.ts'
import { dpmOtAdapter } from './dpm-ot.ts'
import { dpmSolverV3Adapter } from './dpm-solver-v3.ts'
import { dpmSolverV3Ems } from './dpm-solver-v3-ems.ts'
import { gaussianPathSde } from './gaussian-path-sde.ts'
import { kineticOptimalAdapter } from './kinetic-optimal.ts'
import { rectifiedFlowAdapter } from './rectified-flow.ts'
import { shortestPathAdapter } from './shortest-path.ts'
import { stochasticInterpolantAdapter } from './stochastic-interpolant.ts'
import { timeShiftAdapter } from './time-shift.ts'
import { unifiedSamplingAdapter, unifiedSamplingPresets } from './unified-sampling.ts'

/** What marks the files of each system, whatever they are called. */
const marks: Readonly<Record<string, (file: Inputs) => unknown>> = {
  'auto-diffusion': (file) => file.features && file.search,
  'baseline-solvers': (file) => file.expected?.cases?.[0]?.solver,
  'core-parameterization': (file) => file.expected?.retime && file.expected.points,
  ddim: (file) => file.alphas_cumprod,
  'dpm-ot': (file) => file.closed_form && file.sampler,
  'dpm-solver-v3': (file) => file.ems && file.expected?.degenerate,
  'dpm-solver-v3-ems': (file) => file.lambda && file.expected?.dl,
  'gaussian-path-sde': (file) => file.expected?.cases?.[0]?.kappa !== undefined,
  'kinetic-optimal': (file) => file.one_minus_lambda_at_theta,
  'rectified-flow': (file) => file.expected?.gaussian_case,
  'shortest-path': (file) => file.expected?.gaussian_chain,
  'stochastic-interpolant': (file) => file.rho0 && file.rho1,
  'time-shift': (file) => file.pick && file.cases,
  'unified-sampling': (file) => file.ems && file.expected?.cases?.[0]?.schedule,
  'unified-sampling-sd-presets': (file) => file.fid_of_paper_sd,
}

/** The adapters of the diffusion systems. */
export const diffusionAdapters: readonly FileAdapter[] = ([] = [
  autoDiffusionAdapter,
  baselineSolvers,
  coreParameterization,
  ddimAdapter,
  dpmOtAdapter,
  dpmSolverV3Adapter,
  dpmSolverV3Ems,
  gaussianPathSde,
  kineticOptimalAdapter,
  rectifiedFlowAdapter,
  shortestPathAdapter,
  stochasticInterpolantAdapter,
  timeShiftAdapter,
  unifiedSamplingAdapter,
  unifiedSamplingPresets,
].map((adapter) => ({ ...adapter, recognises: (file: Inputs) => Boolean(marks[adapter.name]?.(file)) })))
