import { expect, test } from 'vitest'
import { Shelf } from '../../main/engine/sessions/shelf.ts'
import { FaultError } from '../../preload/contract/fault.ts'

function stocked(room: number) {
  const log: string[] = []
  const shelf = new Shelf(room)
  const take = (key: string, bytes: number) =>
    shelf.take(key, bytes, { load: async () => void log.push(`load ${key}`), drop: async (other) => void log.push(`drop ${other}`) })
  return { shelf, log, take }
}

test('what is there is not loaded again, and stays when it is given back', async () => {
  const { shelf, log, take } = stocked(10)
  ;(await take('a', 4))()
  ;(await take('a', 4))()
  await Promise.all([take('b', 4), take('b', 4)])
  expect(log).toEqual(['load a', 'load b'])
  expect(shelf.used).toBe(8)
})

test('the longest unused makes way, before the new one is loaded', async () => {
  const { shelf, log, take } = stocked(10)
  const giveA = await take('a', 4)
  ;(await take('b', 4))()
  giveA()
  ;(await take('c', 5))()
  expect(log).toEqual(['load a', 'load b', 'drop b', 'load c'])
  expect(shelf.keys).toEqual(['a', 'c'])
  ;(await take('d', 10))()
  expect(shelf.keys).toEqual(['d'])
  expect(shelf.used).toBe(10)
})

test('what is in use stays, even if that means a refusal', async () => {
  const { shelf, take } = stocked(10)
  const give = await take('a', 8)
  await expect(take('b', 8)).rejects.toBeInstanceOf(FaultError)
  expect(shelf.keys).toEqual(['a'])
  give()
  give()
  ;(await take('b', 8))()
  expect(shelf.keys).toEqual(['b'])
})

test('what failed to load leaves no trace', async () => {
  const shelf = new Shelf(10)
  const broken = { load: () => Promise.reject(new Error('no')), drop: async () => undefined }
  await expect(shelf.take('a', 4, broken)).rejects.toThrow('no')
  expect(shelf.used).toBe(0)
})
