import type { Kernel } from '../../../math/convolution.ts'

/** The trace of a straight movement: an anti-aliased line, one pixel wide. Length in pixels, angle in degrees from the x-axis, anti-clockwise. Sum 1. */
export function motionKernel(length: number, angle: number): Kernel {
  const radius = Math.ceil((length - 1) / 2 + 0.5)
  const side = 2 * radius + 1
  const cos = Math.cos((angle * Math.PI) / 180)
  const sin = Math.sin((angle * Math.PI) / 180)
  const data = Float64Array.from({ length: side * side }, (_, at) => {
    const x = (at % side) - radius
    const y = radius - Math.floor(at / side)
    const past = Math.max(0, Math.abs(x * cos + y * sin) - (length - 1) / 2)
    const aside = x * sin - y * cos
    return Math.max(0, 1 - Math.sqrt(past * past + aside * aside))
  })
  const sum = data.reduce((total, value) => total + value, 0)
  return { rows: side, columns: side, data: data.map((value) => value / sum) }
}
