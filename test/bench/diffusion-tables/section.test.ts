import { expect, test } from 'vitest'
import { withSection, withTables } from './section.ts'

const document = '# Measured\n\n## Stickers\n\nWords.\n\n### One\n\n1\n\n### Two\n\n2\n\n## Other\n\n### One\n\nof another\n'

test('a section of a document gets its tables, and keeps its words and its neighbours', () => {
  expect(withSection(document, 'Stickers', ['### Three\n\n3'])).toBe(
    '# Measured\n\n## Stickers\n\nWords.\n\n### Three\n\n3\n\n## Other\n\n### One\n\nof another\n',
  )
  expect(withSection('# Measured\n', 'Stickers', ['### One\n\n1'])).toBe('# Measured\n\n## Stickers\n\n### One\n\n1\n')
})

test('some tables of a section are replaced or added, and the others stay', () => {
  expect(withTables(document, 'Stickers', ['### Two\n\nnew', '### Three\n\n3'])).toBe(
    '# Measured\n\n## Stickers\n\nWords.\n\n### One\n\n1\n\n### Two\n\nnew\n\n### Three\n\n3\n\n## Other\n\n### One\n\nof another\n',
  )
})
