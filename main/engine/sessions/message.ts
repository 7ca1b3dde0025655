import type { Fault } from '../../../preload/contract/fault.ts'
import type { Tensor } from '../../math/tensor.ts'

/** Tensors by the names the model gives them. */
export type Tensors = Readonly<Record<string, Tensor>>

/** What the main thread asks of the session thread. Buffers are handed over, not copied. */
export type Order =
  | { readonly type: 'load'; readonly key: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'open'; readonly key: string; readonly path: string }
  | { readonly type: 'run'; readonly key: string; readonly inputs: Tensors }
  | { readonly type: 'drop'; readonly key: string }

/** What it answers to order `id`. A load tells which provider it ended up on, and why. */
export type Answer =
  | { readonly id: number; readonly type: 'loaded'; readonly provider: string; readonly why: string }
  | { readonly id: number; readonly type: 'ran'; readonly outputs: Tensors }
  | { readonly id: number; readonly type: 'dropped' }
  | { readonly id: number; readonly type: 'failed'; readonly fault: Fault }

export type Numbered<T> = T & { readonly id: number }

/** The buffers of tensors, to be handed over. */
export const buffersOf = (tensors: Tensors): ArrayBuffer[] => Object.values(tensors).map(({ data }) => data.buffer as ArrayBuffer)

/** Lets go of the memory of a tensor, which is empty after. Megabytes that wait to be swept up make the sweeper come again and again. */
export function freeMemory({ data }: Tensor): void {
  const buffer = data.buffer as ArrayBuffer
  if (!buffer.detached) buffer.transfer(0)
}
