import { drawsOf } from '../../algorithms/diffusion/sample.ts'
import { type Leg, type Node, nodeAt, type Path } from '../../math/gaussian-path.ts'
import type { Denoise } from '../../math/prediction.ts'
import type { Landing, Spacing } from '../../math/timesteps.ts'

/** Blocks of the network that are left out at a node, by their numbers. */
export type SkipAt = (node: Node) => readonly number[]

/** Lists of blocks for levels of a table, one each; at nodes on other levels none is left out. Null where none ever is. */
export function skipAtLevels(levels: readonly number[], skip: readonly (readonly number[])[]): SkipAt | null {
  if (skip.every((blocks) => blocks.length === 0)) return null
  const byLevel = new Map(levels.map((level, i) => [level, skip[i] ?? []]))
  return ({ label }) => byLevel.get(label ?? -1) ?? []
}

/** One picture in the making that a candidate is tried on. */
export interface Case {
  /** Noise of unit deviation. */
  readonly x: Float64Array
  /** Guided to the case's prompt. */
  readonly denoise: Denoise
  /** The same with blocks left out; null where the model has no such switch. */
  readonly skipping: ((skipAt: SkipAt) => Denoise) | null
}

/** A model as tuning sees it: asked, counted, and nothing else. */
export interface Subject {
  /** With a table of levels. */
  readonly path: Path
  /** How it is used by habit. */
  readonly habit: { readonly spacing: Spacing; readonly offset: number; readonly landing: Landing }
  /** Channels, rows and columns of a latent. */
  readonly shape: readonly [channels: number, rows: number, columns: number]
  /** Names of the blocks that can be left out; empty where none can. */
  readonly blocks: readonly string[]
  /** Is the network told the time in whole steps only? */
  readonly countsInWholes: boolean
  /** Network calls that one answer takes. */
  readonly callsPerAnswer: number
  /** The case of that number: the same number, the same case. */
  caseOf(k: number): Case
  /** The latent of a picture file, cut to the shape; null where the model takes no pictures in. */
  readonly encode: ((name: string, bytes: Uint8Array, signal: AbortSignal) => Promise<Float64Array>) | null
}

/** The noise of a case. */
export const noiseOfCase = (seed: number, k: number, entries: number): Float64Array => drawsOf(seed * 65_536 + k)(entries)

export const entriesOf = ({ shape: [channels, rows, columns] }: Pick<Subject, 'shape'>): number => channels * rows * columns

/** The noisiest time where the signal can still be weighed against the noise. */
export function firstTime({ tNoise, tData, alpha, table }: Path): number {
  const levels = table?.abar.length ?? 1000
  return alpha(tNoise) > 1e-3 ? tNoise : tNoise + (tData - tNoise) / levels
}

/** Legs even in time from the noise to the cleanest level. */
export function evenInTime(path: Path, steps: number): readonly Leg[] {
  const from = firstTime(path)
  const nodes = Array.from({ length: steps + 1 }, (_, i) =>
    nodeAt(path, i === steps ? path.tData : from + ((path.tData - from) * i) / steps),
  )
  return nodes.slice(1).map((to, i) => ({ from: nodes[i] as Node, to }))
}
