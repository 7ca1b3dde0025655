import type { FileAdapter } from '../adapter.ts'
import { ddimAdapter } from './ddim.ts'

/** The adapters of the diffusion systems. */
export const diffusionAdapters: readonly FileAdapter[] = [ddimAdapter]
