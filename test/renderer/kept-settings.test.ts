import { expect, test } from 'vitest'
import { keepSettings, readSettings } from '../../renderer/panels/knobs/kept-settings.ts'
import { useSettings } from '../../renderer/panels/knobs/settings.ts'

/** A page's storage of one entry. */
function storageOf(text: string | null = null) {
  const held = { text }
  return { getItem: () => held.text, setItem: (_: string, next: string) => void (held.text = next) }
}

test('how methods are set outlives the page', () => {
  const storage = storageOf()
  const begin = useSettings.getState()
  const end = keepSettings(storage)
  begin.set('generate', 'prompt', 'a cat')
  begin.choose('edit', 'fill')
  begin.chooseModel('painter')
  begin.vary('generate', 4)
  begin.setSeed('restore', 7)
  end()
  useSettings.setState({ ...begin, params: {}, methods: {}, model: null })
  keepSettings(storage)()
  expect(useSettings.getState()).toMatchObject({
    methods: { edit: 'fill' },
    model: 'painter',
    params: { generate: { prompt: 'a cat' } },
    variations: { generate: 4 },
    seeds: { restore: { value: 7, kept: true } },
  })
})

test.each(['', '{', '{"methods":{}}', `"${'a'.repeat(200_000)}"`])('what is no settings is nothing: %.20s', (text) => {
  expect(readSettings(storageOf(text))).toBeNull()
})

test('settings of another form are left alone as a whole', () => {
  const storage = storageOf()
  keepSettings(storage)()
  const kept = JSON.parse(storage.getItem() ?? '') as { params: unknown }
  expect(readSettings(storage)).not.toBeNull()
  expect(readSettings(storageOf(JSON.stringify({ ...kept, params: { generate: { steps: { of: 3 } } } })))).toBeNull()
})
