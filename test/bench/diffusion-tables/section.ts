/** A document with the generated part of one of its sections replaced; words before the first table stay. */
export function withSection(document: string, name: string, tables: readonly string[]): string {
  const { before, words, after } = sectionOf(document, name)
  return `${before}${[words, ...tables].join('\n\n')}\n${after}`
}

/** The same, where tables of other titles stay as they are. Tables begin with their titles, `### title`. */
export function withTables(document: string, name: string, tables: readonly string[]): string {
  const titleOf = (table: string) => table.slice(0, table.indexOf('\n'))
  const fresh = new Map(tables.map((table) => [titleOf(table), table]))
  const kept = sectionOf(document, name).tables.map((table) => {
    const replacement = fresh.get(titleOf(table)) ?? table
    fresh.delete(titleOf(table))
    return replacement
  })
  return withSection(document, name, [...kept, ...fresh.values()])
}

function sectionOf(document: string, name: string) {
  const heading = `## ${name}\n`
  const start = document.startsWith(heading) ? 0 : document.indexOf(`\n${heading}`) + 1
  if (start === 0 && !document.startsWith(heading))
    return { before: `${document.trimEnd()}\n\n`, words: heading.trimEnd(), tables: [], after: '' }
  const next = document.indexOf('\n## ', start + heading.length)
  const section = document.slice(start, next < 0 ? undefined : next)
  const [words = '', ...tables] = section.split('\n### ')
  return {
    before: document.slice(0, start),
    words: words.trimEnd(),
    tables: tables.map((table) => `### ${table.trimEnd()}`),
    after: next < 0 ? '' : document.slice(next),
  }
}
