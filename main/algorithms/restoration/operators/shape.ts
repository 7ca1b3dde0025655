import { z } from 'zod'

const side = z.int().min(1).max(32_768)

/** Shape of the picture an operator takes: [channel, row, column]. */
export const pictureShape = z
  .tuple([z.int().min(1).max(16), side, side])
  .meta({ title: 'Shape', description: 'Channels, rows and columns of the picture.' })

/** How many planes, and how large each. */
export const planesOf = ([channels, rows, columns]: readonly [number, number, number]) => ({ channels, rows, columns })

/** @throws RangeError where a list of numbers does not fill a shape. */
export function checkLength(what: string, values: ArrayLike<unknown>, shape: readonly number[]): void {
  const wanted = shape.reduce((product, length) => product * length, 1)
  if (values.length !== wanted) throw new RangeError(`${what}: ${values.length} values instead of ${wanted} (${shape.join(' × ')}).`)
}
