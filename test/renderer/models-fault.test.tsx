import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { Work } from '../../renderer/panels/models/work.ts'
import { ListFault } from '../../renderer/panels/models/work-line.tsx'

const work = (ended: Work['ended']): Work => ({ request: { do: 'list' }, progress: null, ended, notes: [], stop: () => {} })
const shown = (of: Work | undefined) => renderToStaticMarkup(<ListFault work={of} onRetry={() => {}} />)

test('models that cannot be listed say what, why and what to do, and can be asked for again', () => {
  const fault = { kind: 'engine', what: 'The models were not listed.', why: 'The engine stopped.', todo: 'Try once more.' } as const
  expect(shown(work(fault))).toMatch(/role="alert".*The models were not listed. The engine stopped. Try once more..*Try again/)
})

test('while they can, there is nothing to say', () => {
  for (const of of [undefined, work(null), work('done'), work('stopped')]) expect(shown(of)).toBe('')
})
