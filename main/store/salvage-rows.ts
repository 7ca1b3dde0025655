import type { Database, Value } from './database.ts'

/** Most rows tried one by one in the gap between what can be read from the front and from the back. */
const PROBES = 100_000

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
  const to = back === null || Number.isNaN(back) ? from + PROBES : back - 1
  for (let number = from; number <= Math.min(to, from + PROBES); number++) walk(`${numbered} WHERE ${key} = ?`, number)
  return rows
}
