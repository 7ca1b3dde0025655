import type { Draft } from '../editing.ts'
import { choose } from './object-aware-choice.ts'

export type SearchKind = 'every' | 'coarse'

/** How far the first candidates of a coarse search lie apart: a fifth of the way. */
const strideOf = (steps: number): number => Math.max(1, Math.round(steps / 5))

/** The depths that are tried first. */
export function firstDepths(kind: SearchKind, steps: number): readonly number[] {
  if (kind === 'every') return Array.from({ length: steps }, (_, i) => i + 1)
  const stride = strideOf(steps)
  return [1, 2, 3, 4].map((i) => i * stride).filter((depth) => depth <= steps)
}

/** Those beside the best of the first, half a stride away, where they were not tried. */
export function finerDepths(kind: SearchKind, steps: number, best: number): readonly number[] {
  const half = Math.floor(strideOf(steps) / 2)
  if (kind === 'every' || half === 0) return []
  return [best - half, best + half].filter((depth) => depth >= 1 && depth <= steps)
}

/** Steps that a candidate of this depth takes: the first is the picture itself. */
export const stepsOf = (depth: number): number => (depth === 1 ? 0 : depth)

/** The most steps a search can take: every one is two calls of a network under guidance. */
export function searchSteps(kind: SearchKind, steps: number): number {
  const first = firstDepths(kind, steps)
  const finer = first.map((best) => finerDepths(kind, steps, best).reduce((sum, depth) => sum + stepsOf(depth), 0))
  return first.reduce((sum, depth) => sum + stepsOf(depth), 0) + Math.max(0, ...finer)
}

/** The depth of the best draft. */
export const bestDepth = (drafts: readonly Draft[]): number => drafts[choose(drafts).best].depth
