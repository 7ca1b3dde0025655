import { refusalOf } from '../diffusion/refusal.ts'

/** What tuning refuses, as a fault; anything else as it is. */
export const inWords = (thrown: unknown): unknown =>
  refusalOf(thrown, { what: 'There is nothing to find so.', todo: 'Choose other settings.' })
