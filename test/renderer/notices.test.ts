import { expect, test } from 'vitest'
import { tellNote, useNotices } from '../../renderer/studio/notices.ts'

test('a note shows its first sentence, then what follows from it', () => {
  const shown = (note: string) => {
    useNotices.setState({ list: [] })
    tellNote(note)
    return useNotices.getState().list.map(({ what, why }) => [what, why])
  }
  expect(shown('The words were cut. It takes in 3.5 of them, and "cat" came after. Say less.')).toEqual([
    ['The words were cut.', 'It takes in 3.5 of them, and "cat" came after. Say less.'],
  ])
  expect(shown('Nothing was found in v1.2 beta')).toEqual([['Nothing was found in v1.2 beta', undefined]])
})
