import type { FileAdapter } from '../adapter.ts'
import { baselineSolvers } from './baseline-solvers.ts'
import { coreParameterization } from './core-parameterization.ts'
import { ddimAdapter } from './ddim.ts'
import { gaussianPathSde } from './gaussian-path-sde.ts'

/** The adapters of the diffusion systems. */
export const diffusionAdapters: readonly FileAdapter[] = [baselineSolvers, coreParameterization, ddimAdapter, gaussianPathSde]
