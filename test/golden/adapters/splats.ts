import type { FileAdapter } from '../adapter.ts'
import { dreamerXlTsmAdapter } from './dreamer-xl-tsm.ts'
import { gauntTensorProductAdapter } from './gaunt-tensor-product.ts'
import { gaussianSplatRendererAdapter } from './gaussian-splat-renderer.ts'
import { splatFormatsAdapter } from './splat-formats.ts'

export const splatAdapters: readonly FileAdapter[] = [
  dreamerXlTsmAdapter,
  gauntTensorProductAdapter,
  gaussianSplatRendererAdapter,
  splatFormatsAdapter,
]
