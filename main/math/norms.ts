import { dotOf } from './conjugate-gradient.ts'

/** Square root of the sum of squares. */
export const norm = (a: Float64Array): number => Math.sqrt(dotOf(a, a))

/** The greatest magnitude; 0 where there is nothing. */
export const greatest = (a: Float64Array): number => a.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
