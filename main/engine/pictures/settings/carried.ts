/** What a file tells of how it was made, in the words of the program that made it; null where it does not say. */
export interface Carried {
  /** The program, by its own name. */
  readonly program: string
  readonly prompt: string
  readonly negative: string
  readonly steps: number | null
  readonly guidance: number | null
  readonly seed: number | null
  readonly width: number | null
  readonly height: number | null
  /** Which steps were taken and where they fell, in the program's words. */
  readonly sampler: string | null
  readonly scheduler: string | null
  /** Name of the model. */
  readonly model: string | null
}

export const NOTHING_CARRIED: Omit<Carried, 'program'> = {
  prompt: '',
  negative: '',
  steps: null,
  guidance: null,
  seed: null,
  width: null,
  height: null,
  sampler: null,
  scheduler: null,
  model: null,
}

/** Whatever stands where a number should: the number, or null. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

/** Whatever stands where words should: the words, or null. */
export const wordsOf = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value.trim() : null)
