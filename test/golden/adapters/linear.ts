import type { FileAdapter } from '../adapter.ts'
import { robustCompletionAdapter } from './robust-completion.ts'
import { subgradientAdapter } from './subgradient-recovery.ts'

/** The adapters of what solves systems and finds matrices. */
export const linearAdapters: readonly FileAdapter[] = [robustCompletionAdapter, subgradientAdapter]
