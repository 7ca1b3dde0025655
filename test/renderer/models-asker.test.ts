import { expect, test } from 'vitest'
import type { ModelCard } from '../../preload/contract/catalog.ts'
import type { ModelResult } from '../../preload/contract/models.ts'
import { modelsAsker } from '../../renderer/studio/models.ts'

const card = (id: string) => ({ id }) as ModelCard

/** A studio that looks at its models when it is asked, and answers when it is let. */
function studio() {
  const models = [card('sticker')]
  const waiting: (() => void)[] = []
  async function* answer(request: { readonly do: string }): AsyncGenerator<never, ModelResult, void> {
    if (request.do === 'add') models.push(card('painter'))
    const seen = [...models]
    await new Promise<void>((resolve) => waiting.push(resolve))
    return { models: seen, found: [], notes: [request.do] }
  }
  return { models: answer as never, waiting }
}

test('a list that was looked at before something was added, and comes after it, does not take that away', async () => {
  const { models, waiting } = studio()
  let told: readonly string[] = []
  const ask = modelsAsker(
    async () => ({ models }),
    (now) => {
      told = now.map(({ id }) => id)
    },
  )
  const { signal } = new AbortController()
  const listed = ask({ do: 'list' }, () => undefined, signal)
  const added = ask({ do: 'add', path: '/painter' }, () => undefined, signal)
  await expect.poll(() => waiting.length).toBe(2)
  waiting[1]?.()
  await added
  expect(told).toEqual(['sticker', 'painter'])
  waiting[0]?.()
  await expect.poll(() => waiting.length).toBe(3)
  waiting[2]?.()
  const { models: last, notes } = await listed
  expect(last.map(({ id }) => id)).toEqual(['sticker', 'painter'])
  expect(notes).toEqual(['list'])
  expect(told).toEqual(['sticker', 'painter'])
})
