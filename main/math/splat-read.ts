import type { Splats } from './splats.ts'

/** More splats than this no file may hold. */
export const MOST_SPLATS = 5_000_000
/** Logarithms of sizes beyond this are a mistake of the file. */
export const LARGEST_LOG_SCALE = 20

/** A cloud as it was read, in float32. */
export interface SplatsRead extends Splats {
  readonly position: Float32Array
  readonly logScale: Float32Array
  readonly rotation: Float32Array
  readonly opacity: Float32Array
  readonly harmonics: Float32Array
  /** Rotations of no length that were taken for none. */
  readonly mended: number
}

/** What every reader says first, and then why: a sentence of its own, with the byte where there is one. */
export const unreadable = (why: string) => new RangeError(`The splat file cannot be read. ${why}`)

/** @throws RangeError where there are more splats than are read. */
export function expectCount(count: number): void {
  if (!(Number.isInteger(count) && count >= 0 && count <= MOST_SPLATS))
    throw unreadable(`It says that it holds ${count} splats; 5 million are the most.`)
}

/** Rotations of no length become none. @returns how many there were. */
export function mendRotations(rotation: Float32Array): number {
  let mended = 0
  for (let at = 0; at < rotation.length; at += 4) {
    if (rotation[at] !== 0 || rotation[at + 1] !== 0 || rotation[at + 2] !== 0 || rotation[at + 3] !== 0) continue
    rotation[at] = 1
    mended++
  }
  return mended
}

/** Opacity 0..1 as a logit. All or nothing has none: a quarter of the least step short of it, which rounds back to it, is meant. */
export function logitOf(opacity: number, step: number): number {
  const share = Math.min(1 - step / 4, Math.max(step / 4, opacity))
  return Math.log(share / (1 - share))
}
