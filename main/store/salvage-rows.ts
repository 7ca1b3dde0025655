import type { Database, Value } from './database.ts'

/** After this many misses in a row the rest of a gap is taken for lost. */
const MISSES = 1000

/**
 * Rows of a damaged table, as many as can be read: from its beginning to the damage, from its end back to the damage,
 * and one by one in between. `key` is the integer primary key.
 */
export function readableRows<Row>(database: Database, table: string, key: string, columns = '*'): Map<number, Row> {
  const rows = new Map<number, Row>()
  const numbered = `SELECT ${key} AS number, ${columns} FROM ${table}`
  const walk = (sql: string, ...values: Value[]): number | null => {
    let last: number | null = null
    try {
      for (const row of database.each<Row & { number: number }>(sql, ...values)) {
        rows.set(row.number, row)
        last = row.number
      }
      return null
    } catch {
      return last ?? Number.NaN
    }
  }
  const front = walk(`${numbered} ORDER BY ${key}`)
  if (front === null) return rows
  const back = walk(`${numbered} ORDER BY ${key} DESC`)
  const from = Number.isNaN(front) ? 1 : front + 1
  const to = back === null || Number.isNaN(back) ? Number.POSITIVE_INFINITY : back - 1
  for (let number = from, misses = 0; number <= to && misses < MISSES; number++) {
    const before = rows.size
    walk(`${numbered} WHERE ${key} = ?`, number)
    misses = rows.size > before ? 0 : misses + 1
  }
  return rows
}
