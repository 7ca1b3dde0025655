import type { FileAdapter } from '../adapter.ts'
import { dreamerXlTsmAdapter } from './dreamer-xl-tsm.ts'
import { gauntTensorProductAdapter } from './gaunt-tensor-product.ts'
import { gaussianSplatRendererAdapter } from './gaussian-splat-renderer.ts'

/** The adapters of splats. */
export const splatAdapters: readonly FileAdapter[] = [dreamerXlTsmAdapter, gauntTensorProductAdapter, gaussianSplatRendererAdapter]
