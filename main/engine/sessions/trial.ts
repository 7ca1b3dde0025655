/**
 * A tiny ONNX model for trying what a machine can do: three convolutions of sixteen channels, 3 × 3, zeros outside,
 * every weight 1/144. Input `x`, output `y`, both [1, 16, row, column]. Written by test/kit/models.ts.
 */
export const TRIAL_MODEL = Uint8Array.from(
  atob(
    'CAg6lgIKNQoFc2hhcGUSAXciD0NvbnN0YW50T2ZTaGFwZSoYCgV2YWx1ZSoMCAEQAUIASgQ5juM7oAEECiIKAXgKAXcSAWEiBENvbnYqEQoEcGFkc0ABQAFAAUABoAEHCiIKAWEKAXcSAWIiBENvbnYqEQoEcGFkc0ABQAFAAUABoAEHCiIKAWIKAXcSAXkiBENvbnYqEQoEcGFkc0ABQAFAAUABoAEHEgR0aW55Ki0IBBAHQgVzaGFwZUogEAAAAAAAAAAQAAAAAAAAAAMAAAAAAAAAAwAAAAAAAABaHQoBeBIYChYIARISCgIIAQoCCBAKAxIBaAoDEgF3Yh0KAXkSGAoWCAESEgoCCAEKAggQCgMSAWgKAxIBd0IECgAQEQ==',
  ),
  (letter) => letter.charCodeAt(0),
)
const CHANNELS = 16

/** A picture for the trial model: one pattern in every channel. @param side rows and columns. */
export function trialInput(side: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: CHANNELS * side * side }, (_, i) => pattern(i % (side * side)))
}

/** What the trial model must answer, in every channel alike: the 3 × 3 mean, three times over. */
export function trialAnswer(side: number): Float32Array {
  let plane = Float32Array.from({ length: side * side }, (_, i) => pattern(i))
  for (let pass = 0; pass < 3; pass++) plane = boxMean(plane, side)
  return Float32Array.from({ length: CHANNELS * side * side }, (_, i) => plane[i % (side * side)] as number)
}

const pattern = (i: number): number => ((i * 37) % 101) / 101

function boxMean(plane: Float32Array, side: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(plane, (_, i) => {
    const row = Math.floor(i / side)
    const column = i % side
    let sum = 0
    for (let y = Math.max(0, row - 1); y <= Math.min(side - 1, row + 1); y++)
      for (let x = Math.max(0, column - 1); x <= Math.min(side - 1, column + 1); x++) sum += plane[y * side + x] as number
    return sum / 9
  })
}
