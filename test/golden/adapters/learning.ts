import type { FileAdapter } from '../adapter.ts'
import { adampAdapter } from './adamp.ts'
import { bsvrbAdapter } from './bsvrb.ts'
import { cboAdapter } from './cbo.ts'
import { dpStationaryAdapter } from './dp-stationary.ts'
import { epHomeostasisAdapter } from './ep-homeostasis.ts'
import { fisherPgAdapter } from './fisher-pg.ts'
import { holobeamAdapter } from './holobeam.ts'
import { implicitDiffAdapter } from './implicit-diff.ts'
import { locallyRegularizedAdapter } from './locally-regularized.ts'
import { lvHbaAdapter } from './lv-hba.ts'
import { mFacAdapter } from './m-fac.ts'
import { martingalePeAdapter } from './martingale-pe.ts'
import { metalicAdapter } from './metalic.ts'
import { orthConvAdapter } from './orth-conv.ts'
import { penaltyBilevelAdapter } from './penalty-bilevel.ts'
import { rlThreeBodyAdapter } from './rl-three-body.ts'
import { selfDistillKrrAdapter } from './self-distill-krr.ts'
import { ssmPtdAdapter } from './ssm-ptd.ts'
import { targetSurrogatesAdapter } from './target-surrogates.ts'

/** The adapters of the rooms that learn. */
export const learningAdapters: readonly FileAdapter[] = [
  adampAdapter,
  bsvrbAdapter,
  cboAdapter,
  dpStationaryAdapter,
  epHomeostasisAdapter,
  fisherPgAdapter,
  holobeamAdapter,
  implicitDiffAdapter,
  locallyRegularizedAdapter,
  lvHbaAdapter,
  mFacAdapter,
  martingalePeAdapter,
  metalicAdapter,
  orthConvAdapter,
  penaltyBilevelAdapter,
  rlThreeBodyAdapter,
  selfDistillKrrAdapter,
  ssmPtdAdapter,
  targetSurrogatesAdapter,
]
