import { expect, test } from 'vitest'
import { breathe, orAbort } from '../../main/engine/breathe.ts'

test('a breath lets waiting messages in, and ends a cancelled task', async () => {
  const controller = new AbortController()
  let heard = false
  setImmediate(() => {
    heard = true
  })
  await breathe(controller.signal)
  expect(heard).toBe(true)
  controller.abort()
  await expect(breathe(controller.signal)).rejects.toMatchObject({ name: 'AbortError' })
})

test('work that cannot be stopped is waited for until the cancel, and what comes late is discarded', async () => {
  const { signal } = new AbortController()
  await expect(orAbort(Promise.resolve(1), signal)).resolves.toBe(1)
  await expect(orAbort(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken')
  const controller = new AbortController()
  const slow = Promise.withResolvers<string>()
  const late: string[] = []
  const waiting = orAbort(slow.promise, controller.signal, (value) => late.push(value))
  controller.abort()
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
  await expect(orAbort(slow.promise, controller.signal)).rejects.toMatchObject({ name: 'AbortError' })
  slow.resolve('here')
  await slow.promise
  await breathe(signal)
  expect(late).toEqual(['here'])
})
