import type { Adapter, FileAdapter } from '../adapter.ts'
import { cgAdapter } from './cg.ts'
import { ddsAdapter } from './dds.ts'
import { degradationQueryAdapter } from './degradation-query.ts'
import { lpnAdapter } from './lpn.ts'
import { redDiffAdapter } from './red-diff.ts'
import { redPsmAdapter } from './red-psm.ts'
import { stslAdapter } from './stsl.ts'

/** The adapters of restoration through a known damage, and of what it is made of. */
export const reconstructionAdapters: readonly (Adapter | FileAdapter)[] = [
  cgAdapter,
  ddsAdapter,
  degradationQueryAdapter,
  lpnAdapter,
  redDiffAdapter,
  redPsmAdapter,
  stslAdapter,
]
