import { expect, test } from 'vitest'
import type { ModelCard } from '../../preload/contract/catalog.ts'
import { usualModel } from '../../preload/contract/usual-model.ts'

const model = (id: string, change: Partial<ModelCard> = {}) =>
  ({ id, source: 'built-in', problem: null, usual: {}, ...change }) as ModelCard
const [slow, quick] = [model('slow', { usual: { steps: 30 } }), model('quick', { usual: { steps: 4 } })]
const theirs = model('theirs', { source: 'folder', usual: { steps: 1 } })
const broken = model('broken', { problem: 'Its U-Net is gone.', usual: { steps: 2 } })

test('a new picture begins with the quickest of the first source, a change with the first', () => {
  const all = [broken, slow, quick, theirs]
  expect(usualModel(all, 'make')?.id).toBe('quick')
  expect(usualModel(all, 'change')?.id).toBe('slow')
})

test('who says nothing of steps is no quicker than who does, and keeps the place in the list', () => {
  expect(usualModel([model('a'), model('b')], 'make')?.id).toBe('a')
  expect(usualModel([model('a'), slow], 'make')?.id).toBe('slow')
  expect(usualModel([model('a', { usual: { steps: 'few' } }), model('b')], 'make')?.id).toBe('a')
})

test('a broken one only where there is no other', () => {
  expect(usualModel([broken], 'make')?.id).toBe('broken')
  expect(usualModel([broken, theirs], 'make')?.id).toBe('theirs')
  expect(usualModel([], 'change')).toBeUndefined()
})
