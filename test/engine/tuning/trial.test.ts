import { expect, test } from 'vitest'
import { FINALISTS, runsOfTrial, trial } from '../../../main/engine/tuning/trial.ts'
import { outcome } from '../../../main/math/integrate.ts'

/** Candidates by name, the best of the search first; those in capitals are written by hand. */
async function verdict(ranking: string, heldOut: Readonly<Record<string, readonly number[]>>, cases = 3) {
  const asked: string[] = []
  const distances = async (one: string) => {
    asked.push(one)
    return heldOut[one] ?? [9, 9, 9]
  }
  const isUsual = (one: string) => one === one.toUpperCase()
  return { ...(await outcome(trial([...ranking], isUsual, cases, distances))), asked }
}

test('the luckiest of a search makes way for one that holds up', async () => {
  expect(await verdict('abcUV', { a: [5, 5, 5], b: [1, 1.1, 0.9], c: [2, 2, 2], U: [4, 4, 4], V: [3, 3, 3.1] })).toMatchObject({
    kept: 'b',
    isFound: true,
    keptHeldOut: 1,
    usual: 'V',
    usualHeldOut: 9.1 / 3,
  })
})

test('where nothing found is nearer than the best written by hand by more than chance, that one is kept', async () => {
  const within = await verdict('aU', { a: [1, 4, 1], U: [2, 3, 2] })
  expect(within).toMatchObject({ kept: 'U', isFound: false, keptHeldOut: 7 / 3, usualHeldOut: 7 / 3 })
  expect(await verdict('aU', { a: [1, 1, 5], U: [2.5, 2.5, 2.5] })).toMatchObject({ kept: 'U', isFound: false })
  expect(await verdict('aU', { a: [1, 1.2, 2.3], U: [2, 2.1, 3.4] })).toMatchObject({ kept: 'a', isFound: true })
})

test('a single case decides by itself, and none leaves the search the last word', async () => {
  expect(await verdict('aU', { a: [1], U: [1.1] }, 1)).toMatchObject({ kept: 'a', isFound: true })
  expect(await verdict('aU', { a: [1], U: [1] }, 1)).toMatchObject({ kept: 'U', isFound: false })
  expect(await verdict('aU', {}, 0)).toMatchObject({ kept: 'a', usual: 'U', isFound: true, keptHeldOut: null, asked: [] })
})

test('only what is ahead of all written by hand is tried, and no more than was told', async () => {
  expect((await verdict('UabV', {})).asked).toEqual(['U', 'V'])
  const { asked } = await verdict('abcdefghijklmUVW', {})
  expect(asked).toEqual([...'UVWabcdefgh'])
  expect(asked).toHaveLength(runsOfTrial(3))
  expect(FINALISTS).toBe(8)
  expect(await verdict('ab', { a: [2], b: [1] })).toMatchObject({ kept: 'b', isFound: true, usual: 'b' })
})
