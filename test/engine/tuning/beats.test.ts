import { expect, test } from 'vitest'
import { withBeats } from '../../../main/engine/tuning/beats.ts'

/** A door that is opened from outside. */
function door(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

test('while a value is long in coming there are beats, and then it comes', async () => {
  const { open, opened } = door()
  async function* slow() {
    yield 1
    // It goes on once a beat was seen: without beats this test would never end.
    await opened
    yield 2
    return 'end'
  }
  const steps = withBeats(slow(), 5)
  const seen: (number | null)[] = []
  let next = await steps.next()
  for (; !next.done; next = await steps.next()) {
    seen.push(next.value)
    if (next.value === null) open()
  }
  expect(seen.filter((value) => value !== null)).toEqual([1, 2])
  expect(seen).toContain(null)
  expect(next.value).toBe('end')
})

test('what the generator throws comes through; left early, the generator is left too, after the step under way', async () => {
  async function* broken() {
    yield 1
    throw new RangeError('no more')
  }
  const steps = withBeats(broken(), 1000)
  await steps.next()
  await expect(steps.next()).rejects.toThrow('no more')

  const { open, opened } = door()
  const told: string[] = []
  async function* careful() {
    try {
      yield 1
      await opened
      told.push('stepped')
      yield 2
    } finally {
      told.push('left')
    }
  }
  const left = withBeats(careful(), 5)
  await left.next()
  expect((await left.next()).value).toBeNull()
  const leaving = left.return(undefined)
  open()
  await leaving
  expect(told).toEqual(['stepped', 'left'])
})
