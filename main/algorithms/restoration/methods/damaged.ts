import type { Tensor } from '../../../math/tensor.ts'
import { Refusal } from '../../define.ts'
import type { Network } from '../../roles.ts'

/** Below this a side shows nothing to restore by, in pixels. */
const LEAST_SIDE = 16

/** @throws Refusal for what is no picture of three channels, too small, or holds what is no number. */
export function expectPicture({ shape, data }: Tensor): void {
  const [channels, rows, columns] = shape
  const refuse = (why: string) => new Refusal('The picture cannot be restored.', why, 'Choose another layer or a larger part of it.')
  if (shape.length !== 3 || channels !== 3) throw refuse(`It has ${channels} channels; three are needed.`)
  if (rows < LEAST_SIDE || columns < LEAST_SIDE) throw refuse(`It has ${columns} × ${rows} pixels; each side needs ${LEAST_SIDE} at least.`)
  if (!isAllNumbers(data)) throw refuse('Some of its pixels are not numbers.')
}

/** A plain loop: pictures have millions of pixels, and a callback for each takes its time. */
function isAllNumbers(data: Float32Array): boolean {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false
  return true
}

/** One call of a network on a tile. @throws Refusal when what comes back is not a picture of the same shape. */
export async function callOn(
  network: Network,
  inputs: Readonly<Record<string, Tensor>>,
  output: string,
  like: Tensor,
  signal: AbortSignal,
): Promise<Tensor> {
  const result = (await network.run(inputs, signal))[output]
  if (!result || result.shape.join() !== like.shape.join())
    throw new Refusal(
      `The model "${network.model.id}" cannot be used here.`,
      `For "${output}" it gives ${result ? `[${result.shape.join(', ')}]` : 'nothing'} where [${like.shape.join(', ')}] was expected.`,
      'Use a model that takes and gives pictures of three channels.',
    )
  return result
}

/** To 0..1, in place. @throws Refusal where a model gave something that is not a number. */
export function clipToPicture({ data }: Tensor): void {
  for (let i = 0; i < data.length; i++) {
    if (Number.isNaN(data[i]))
      throw new Refusal('The restoration went wrong.', 'The model gave pixels that are not numbers.', 'Try another model, or less noise.')
    data[i] = Math.min(1, Math.max(0, data[i]))
  }
}
