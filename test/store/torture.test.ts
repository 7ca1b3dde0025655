import { expect, test } from 'vitest'
import { torture } from './torture.ts'

test('nothing acknowledged is lost over 200 kills, and the file is sound after each', { timeout: 1_200_000 }, async () => {
  const seed = Date.now() % 1_000_000
  const { kills, commands, midCommand } = await torture(200, seed, (line) => console.log(line))
  expect(kills).toBe(200)
  // The kills hit what they aim at: processes at work, most of them inside a command.
  expect(commands).toBeGreaterThan(100)
  expect(midCommand).toBeGreaterThan(100)
})
