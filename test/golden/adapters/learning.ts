import type { FileAdapter } from '../adapter.ts'
import { cboAdapter } from './cbo.ts'
import { locallyRegularizedAdapter } from './locally-regularized.ts'
import { orthConvAdapter } from './orth-conv.ts'

/** The adapters of what is added to a loss. */
export const learningAdapters: readonly FileAdapter[] = [cboAdapter, locallyRegularizedAdapter, orthConvAdapter]
