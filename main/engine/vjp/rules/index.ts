import type { Rules } from '../rule.ts'
import { arithmetic } from './arithmetic.ts'
import { arrangements } from './arrangements.ts'
import { convolutions } from './convolutions.ts'
import { elementwise } from './elementwise.ts'
import { normalizations } from './normalizations.ts'
import { products } from './products.ts'
import { reductions } from './reductions.ts'
import { resizing } from './resizing.ts'
import { windows } from './windows.ts'

/** The derivative of every operator that has one here. */
export const rules: Rules = {
  ...arithmetic,
  ...arrangements,
  ...convolutions,
  ...elementwise,
  ...normalizations,
  ...products,
  ...reductions,
  ...resizing,
  ...windows,
}

/** Operators whose result does not change, or only in jumps: no gradient flows through them. */
export const FLAT: ReadonlySet<string> = new Set([
  ...['Shape', 'Size', 'ConstantOfShape', 'EyeLike', 'Range', 'NonZero', 'OneHot', 'ArgMax', 'ArgMin'],
  ...['Equal', 'Greater', 'Less', 'GreaterOrEqual', 'LessOrEqual', 'Not', 'And', 'Or', 'Xor', 'IsNaN', 'IsInf'],
  ...['Sign', 'Floor', 'Ceil', 'Round', 'RandomNormalLike', 'RandomUniformLike'],
])
