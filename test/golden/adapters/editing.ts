import type { FileAdapter } from '../adapter.ts'
import { bdiaAdapter } from './bdia.ts'
import { edictAdapter } from './edict.ts'
import { oirAdapter } from './oir.ts'

/** The adapters of inversion and of editing with it. */
export const editingAdapters: readonly FileAdapter[] = [bdiaAdapter, edictAdapter, oirAdapter]
