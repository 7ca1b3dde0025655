type Row = readonly [name: string, ...values: (number | null)[]]

/** Names as a sentence lists them. */
const list = (names: readonly (string | number)[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** What counts as the same, as a share: tables tell three digits. */
const SAME = 0.002

/**
 * Where the values of row `a` are less than those of row `b`, the same or more, in a sentence; columns are numbers of something.
 * @throws RangeError where there is no such row.
 */
export function verdict(rows: readonly Row[], a: string, b: string, columns: readonly number[]): string {
  const [first, second] = [a, b].map((name) => {
    const row = rows.find(([one]) => one === name)
    if (!row) throw new RangeError(`There is no row "${name}".`)
    return row.slice(1) as (number | null)[]
  })
  const groups = { nearer: [] as number[], 'as near': [] as number[], farther: [] as number[] }
  for (const [i, column] of columns.entries()) {
    const [x, y] = [first[i] ?? null, second[i] ?? null]
    if (x === null || y === null) continue
    const isSame = Math.abs(x - y) <= SAME * Math.max(Math.abs(x), Math.abs(y))
    groups[isSame ? 'as near' : x < y ? 'nearer' : 'farther'].push(column)
  }
  const parts = Object.entries(groups).flatMap(([word, known]) => (known.length === 0 ? [] : [`${word} at ${list(known)}`]))
  return parts.length === 0 ? `${a} and ${b} were not compared.` : `${a} against ${b}: ${parts.join(', ')}.`
}
