import type { FileAdapter } from '../adapter.ts'
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

/** The adapters of the diffusion systems. */
export const diffusionAdapters: readonly FileAdapter[] = [
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
]
