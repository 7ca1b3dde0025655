import type { FileAdapter } from '../adapter.ts'
import { deepConjugateDirectionAdapter } from './deep-conjugate-direction.ts'
import { directionNetAdapter } from './deep-conjugate-direction-net.ts'
import { learnedRelaxationAdapter } from './learned-relaxation.ts'
import { matrixSensingAdapter } from './matrix-sensing.ts'
import { poissonAdapter } from './poisson.ts'
import { robustCompletionAdapter } from './robust-completion.ts'
import { sketchedNewtonAdapter } from './sketched-newton.ts'
import { subgradientAdapter } from './subgradient-recovery.ts'

/** The adapters of what solves systems and finds matrices. */
export const linearAdapters: readonly FileAdapter[] = [
  deepConjugateDirectionAdapter,
  directionNetAdapter,
  learnedRelaxationAdapter,
  matrixSensingAdapter,
  poissonAdapter,
  robustCompletionAdapter,
  sketchedNewtonAdapter,
  subgradientAdapter,
]
