/** Figures as they are printed and as they stand in the documents. */
export interface Table {
  readonly title: string
  /** Names of the columns, that of the rows first. */
  readonly head: readonly string[]
  readonly rows: readonly (readonly [name: string, ...values: (number | null)[]])[]
  /** Smaller is better in every column: the least is set in bold. */
  readonly least: boolean
  /** What it says and how it came about, in sentences. */
  readonly note: string
}

const written = (value: number | null): string =>
  value === null ? '' : value === 0 ? '0' : Math.abs(value) >= 1e-4 ? value.toPrecision(3) : value.toExponential(1)

/** Of each column the least value, or none where that is not what it is about. */
function bestOf({ head, rows, least }: Table): readonly (number | null)[] {
  return head.slice(1).map((_, column) => {
    const values = rows.map((row) => row[column + 1]).filter((value): value is number => typeof value === 'number')
    return least && values.length > 0 ? Math.min(...values) : null
  })
}

export function printed(table: Table): string {
  const width = Math.max(...table.rows.map(([name]) => name.length), table.head[0]?.length ?? 0) + 2
  const column = Math.max(12, ...table.head.slice(1).map(({ length }) => length + 2))
  const line = ([name, ...cells]: readonly string[]) =>
    `${(name ?? '').padEnd(width)}${cells.map((cell) => cell.padStart(column)).join('')}`
  return [table.title, line(table.head), ...table.rows.map(([name, ...values]) => line([name, ...values.map(written)]))].join('\n')
}

export function markdown(table: Table): string {
  const best = bestOf(table)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const bold = (value: number | null, column: number) =>
    value !== null && value === best[column] ? `**${written(value)}**` : written(value)
  return [
    `### ${table.title}`,
    '',
    line(table.head),
    line(table.head.map((_, i) => (i === 0 ? '---' : '---:'))),
    ...table.rows.map(([name, ...values]) => line([name, ...values.map(bold)])),
    '',
    table.note,
  ].join('\n')
}
