const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)

/** Is it a list, plain or typed? */
const isList = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || ArrayBuffer.isView(value)

/** All leaves of nested lists in order, and the lengths of the lists on the way. */
function flatten(value: unknown, leaves: unknown[], lengths: number[], depth = 0): void {
  if (!isList(value)) {
    leaves.push(value)
    return
  }
  lengths[depth] ??= value.length
  for (let i = 0; i < value.length; i++) flatten(value[i], leaves, lengths, depth + 1)
}

/**
 * Says where `actual` is not what was expected. Objects are compared key by key: a key that is expected and was not
 * computed is a difference. A flat list stands for nested ones of as many numbers.
 * @returns one sentence a difference; none where all is well.
 */
export function differences(actual: unknown, expected: unknown, tolerance: (path: string) => number, path = ''): string[] {
  if (isObject(expected)) {
    if (!isObject(actual)) return [`${path || 'the case'}: was not computed`]
    return Object.keys(expected).flatMap((key) => differences(actual[key], expected[key], tolerance, path ? `${path}.${key}` : key))
  }
  if (actual === undefined) return [`${path}: was not computed`]
  if (Array.isArray(expected) && expected.some(isObject)) {
    const list = actual as readonly unknown[]
    if (list.length !== expected.length) return [`${path}: ${list.length} entries instead of ${expected.length}`]
    return expected.flatMap((one, i) => differences(list[i], one, tolerance, `${path}.${i}`))
  }
  const wanted: unknown[] = []
  const got: unknown[] = []
  flatten(expected, wanted, [])
  flatten(actual, got, [])
  if (wanted.length !== got.length) return [`${path}: ${got.length} values instead of ${wanted.length}`]
  const limit = tolerance(path)
  for (const [i, value] of wanted.entries()) {
    const other = got[i]
    const fine = typeof value === 'number' && typeof other === 'number' ? Math.abs(value - other) <= limit : value === other
    if (!fine) return [`${path}: ${String(other)} instead of ${String(value)} at place ${i}, tolerance ${limit}`]
  }
  return []
}
