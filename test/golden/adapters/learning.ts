import type { FileAdapter } from '../adapter.ts'
import { adampAdapter } from './adamp.ts'
import { cboAdapter } from './cbo.ts'
import { holobeamAdapter } from './holobeam.ts'
import { implicitDiffAdapter } from './implicit-diff.ts'
import { locallyRegularizedAdapter } from './locally-regularized.ts'
import { mFacAdapter } from './m-fac.ts'
import { orthConvAdapter } from './orth-conv.ts'
import { penaltyBilevelAdapter } from './penalty-bilevel.ts'
import { ssmPtdAdapter } from './ssm-ptd.ts'

/** The adapters of what is added to a loss. */
export const learningAdapters: readonly FileAdapter[] = [
  penaltyBilevelAdapter,
  adampAdapter,
  cboAdapter,
  holobeamAdapter,
  implicitDiffAdapter,
  locallyRegularizedAdapter,
  mFacAdapter,
  orthConvAdapter,
  ssmPtdAdapter,
]
