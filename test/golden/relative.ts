import { differences } from './compare.ts'

const leavesOf = (value: unknown): number[] =>
  typeof value === 'number' ? [value] : value && typeof value === 'object' ? Object.values(value).flatMap(leavesOf) : []

/**
 * Differences, with the tolerance of each list relative to its greatest magnitude (at least `floor`), and whole keys walked one by one.
 */
export function relativeDifferences(actual: unknown, expected: unknown, tolerance: number, path = '', floor = 1e-300): string[] {
  if (typeof expected === 'object' && expected !== null && !Array.isArray(expected)) {
    const got = (actual ?? {}) as Record<string, unknown>
    return Object.entries(expected).flatMap(([key, value]) =>
      relativeDifferences(got[key], value, tolerance, path ? `${path}.${key}` : key, floor),
    )
  }
  const greatest = leavesOf(expected).reduce((most, value) => Math.max(most, Math.abs(value)), floor)
  return differences(actual, expected, () => tolerance * greatest, path)
}
