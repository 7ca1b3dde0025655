import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JobPlan } from '../../main/studio/jobs/plan.ts'
import { historyLabel, jobLabel, resultName } from '../../main/studio/jobs/words.ts'
import { Layer } from '../../preload/contract/document.ts'

/** A job as it is asked for. */
function plan({ name = 'Photo' as string | null, prompt = '', source = '', becomes = [] as string[] }) {
  const region = { from: 'rectangle', x: 0, y: 0, width: 4, height: 4 }
  const objects = becomes.map((words) => ({ region, becomes: words }))
  const params = { prompt, source }
  const shared = { method: 'm', params, seed: 1, objects, model: 'tiny' }
  const command = { ...shared, type: 'picture.imagine', layer: name && 'a' }
  const layer = { source: name && 'a', name, pixels: null, mask: null, width: 9, height: 9, expected: null }
  return JobPlan.parse({ ...shared, ...layer, kind: 'imagine', command })
}

test('jobs, revisions and layers are called by the words that made them', () => {
  expect(jobLabel(plan({ name: null, prompt: 'an apple' }))).toBe('Making "an apple"')
  expect(jobLabel(plan({ becomes: ['a hat', 'a shoe'] }))).toBe('Changing "Photo": a hat, a shoe')
  expect(jobLabel(plan({ becomes: [''] }))).toBe('Changing "Photo"')
  expect(historyLabel(plan({ prompt: ' a\n cat ', source: 'a dog' }), 'Edit')).toBe('Edit · a dog → a cat')
  expect(historyLabel(plan({ becomes: [''] }), 'Fill')).toBe('Fill')
  expect(resultName(plan({ name: null, prompt: 'an apple' }), '')).toBe('an apple')
  expect(resultName(plan({ becomes: ['a hat'] }), 'bold')).toBe('Photo, a hat, bold')
  expect(historyLabel(plan({ prompt: '🍎'.repeat(200) }), 'Generate')).toBe(`Generate · ${'🍎'.repeat(39)}…`)
})

test('whatever the words, a layer can be called so, and letters stay whole', () => {
  const letter = fc.constantFrom('a', ' ', '猫', '🍎')
  const words = fc.string({ unit: letter, maxLength: 400 })
  const name = fc.string({ unit: letter, minLength: 1, maxLength: 100 })
  fc.assert(
    fc.property(fc.option(name), words, words, fc.array(words, { maxLength: 4 }), (layer, prompt, source, becomes) => {
      const made = plan({ name: layer, prompt, source, becomes })
      const called = resultName(made, 'realistic')
      expect(Layer.shape.name.safeParse(called).success).toBe(true)
      for (const text of [called, jobLabel(made), historyLabel(made, 'Edit')]) expect(text.isWellFormed()).toBe(true)
    }),
  )
})
