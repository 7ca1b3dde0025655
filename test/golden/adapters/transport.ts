import type { FileAdapter } from '../adapter.ts'
import { lpSensitivitySamplingAdapter } from './lp-sensitivity-sampling.ts'
import { mongeGapAdapter } from './monge-gap.ts'
import { sinkhornNewtonSparseAdapter } from './sinkhorn-newton-sparse.ts'

/** The adapters of carrying one set of things onto another, and of few that stand for many. */
export const transportAdapters: readonly FileAdapter[] = [lpSensitivitySamplingAdapter, mongeGapAdapter, sinkhornNewtonSparseAdapter]
