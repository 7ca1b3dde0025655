import { expect, test } from 'vitest'
import { ByteCache } from '../../renderer/canvas/byte-cache.ts'

test('keeps what was used last, and drops nothing before it is told to', () => {
  const dropped: string[] = []
  const cache = new ByteCache<string, string>(20, (value) => dropped.push(value))
  for (const name of ['a', 'b', 'c']) cache.set(name, name, 10)
  expect(cache.get('a')).toBe('a')
  expect([cache.bytes, dropped]).toEqual([30, []])
  cache.trim()
  expect([cache.bytes, dropped]).toEqual([20, ['b']])
  expect([cache.get('b'), cache.get('c'), cache.get('a')]).toEqual([undefined, 'c', 'a'])
})

test('a value that is replaced or deleted is dropped, and its bytes are free', () => {
  const dropped: string[] = []
  const cache = new ByteCache<string, string>(100, (value) => dropped.push(value))
  cache.set('a', 'old', 30)
  cache.set('a', 'new', 50)
  cache.delete('nothing')
  expect([cache.bytes, dropped]).toEqual([50, ['old']])
  cache.clear()
  expect([cache.bytes, dropped]).toEqual([0, ['old', 'new']])
})
