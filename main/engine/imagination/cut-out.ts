import { type Tensor, tensor } from '../../math/tensor.ts'
import { bleedInto } from '../pictures/bleed.ts'
import { squaredDistances } from './distance.ts'
import { offWhite } from './paste.ts'

/** A decoder never quite says nothing or all: from here on it means to. */
const LEAST = 0.03
const MOST = 0.97
/** From this opacity on a colour is sure, and how far it counts for the pixels around it that are less so, in pixels. */
const SURE = 0.7
const REACH = 3

/**
 * What a model painted on white and the opacity it tells, as a cut-out: [4, row, column], still on white, the opacity last. What is
 * nearly transparent or nearly opaque is so. On a soft edge the colour, which is known the less the less of it shows, is taken from
 * what it is the edge of; what is translucent far and wide keeps its own.
 * @param picture [3, row, column] and @param alpha [1, row, column] in 0..1. @throws the signal's reason once it is aborted.
 */
export async function cutOut(picture: Tensor, alpha: Tensor, signal: AbortSignal): Promise<Tensor> {
  const [, rows = 0, columns = 0] = picture.shape
  const pixels = rows * columns
  const sure = Uint8Array.from(alpha.data, (value) => (value >= SURE ? 1 : 0))
  const colours = tensor(
    picture.shape,
    picture.data.map((value, i) => offWhite(value, alpha.data[i % pixels] as number)),
  )
  const near = tensor(colours.shape, colours.data.slice())
  if (sure.includes(1)) bleedInto(near, sure)
  const distances = await squaredDistances(sure, 1, REACH, { width: columns, height: rows }, signal)
  const result = tensor([4, rows, columns])
  for (let i = 0; i < pixels; i++) {
    const told = alpha.data[i] as number
    const share = Math.min(1, told / SURE)
    const own = (distances[i] as number) > REACH ** 2 ? 1 : share * share * (3 - 2 * share)
    const opacity = Math.min(1, Math.max(0, (told - LEAST) / (MOST - LEAST)))
    for (let c = 0, at = i; c < 3; c++, at += pixels) {
      const colour = own * (colours.data[at] as number) + (1 - own) * (near.data[at] as number)
      result.data[at] = colour * opacity + 1 - opacity
    }
    result.data[3 * pixels + i] = opacity
  }
  return result
}
