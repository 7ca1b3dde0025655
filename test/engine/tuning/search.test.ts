import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { methodCards } from '../../../main/engine/catalogue.ts'
import { Found, type FoundStatistics, type FoundSteps } from '../../../main/engine/tuning/found.ts'
import type { Kind } from '../../../main/engine/tuning/kind.ts'
import { scoreOf } from '../../../main/engine/tuning/score.ts'
import { search } from '../../../main/engine/tuning/search.ts'
import type { Settings } from '../../../main/engine/tuning/settings.ts'
import { legsOfLevels, solverOf } from '../../../main/engine/tuning/steps.ts'
import { kinds } from '../../../main/engine/tuning/tune.ts'
import { tunedIn } from '../../../main/engine/tuning/tuned.ts'
import { outcome } from '../../../main/math/integrate.ts'
import type { ModelProgress } from '../../../preload/contract/models.ts'
import { faultOf } from '../workshop.ts'
import { analyticSubject, temporaryFolder } from './analytic.ts'

const { signal } = new AbortController()
const small = { guidance: 1, cases: 2, heldOut: 2, referenceSteps: 12 }
/** A small search of every kind, and the file that it writes. */
const searches = [
  ['steps', { ...small, steps: 4, population: 8, rounds: 3 }, 'steps-4.json'],
  ['solver', { ...small, steps: 4, evaluations: 24 }, 'solver-4.json'],
  ['statistics', { ...small, steps: 4, rows: 12 }, 'statistics-1.json'],
  ['transport', { guidance: 1, referenceSteps: 12, pictures: 4 }, 'transport-8x1.json'],
] as const

/** A search of that kind on the model whose answers are known. */
function begin(
  what: keyof typeof kinds,
  given: object,
  folder: string,
  stop = signal,
  model = analyticSubject(),
): AsyncGenerator<ModelProgress, readonly string[], void> {
  const kind = kinds[what] as unknown as Kind<Settings, unknown>
  return search(kind, model.subject, kind.params.parse(given), folder, stop)
}
const foundIn = (folder: string, file: string) => Found.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))
const unfinished = (folder: string) => readdirSync(folder).filter((name) => name.includes('unfinished'))

test.each(searches)('%s: the cost is told before the first call, and kept to; nothing unfinished is left', async (what, params, file) => {
  using folder = temporaryFolder()
  const model = analyticSubject()
  const steps = begin(what, params, folder.path, signal, model)
  const first = await steps.next()
  expect(model.calls()).toBe(0)
  const { of } = first.value as ModelProgress
  expect(first.value).toMatchObject({ label: `At most ${of?.toLocaleString('en-US')} network calls`, done: 0 })
  let last = 0
  for await (const { done, of: all } of steps) {
    expect(done).toBeGreaterThanOrEqual(last)
    expect(all).toBe(of)
    last = done
  }
  expect(model.calls()).toBeLessThanOrEqual(of ?? 0)
  expect(model.calls()).toBeGreaterThan(0)
  expect(foundIn(folder.path, file).what).toBe(what)
  expect(unfinished(folder.path)).toEqual([])
})

/** Goes on until so many things were told, each once: on a slow machine some are told again. @returns how many were. */
async function walk(steps: AsyncGenerator<ModelProgress, unknown, void>, most = Number.POSITIVE_INFINITY): Promise<number> {
  const labels = new Set<string>()
  while (labels.size < most) {
    const next = await steps.next()
    if (next.done) break
    labels.add(next.value.label)
  }
  return labels.size
}

test.each(searches)('%s: stopped anywhere and begun again, it finds the same to the last bit', async (what, params, file) => {
  using whole = temporaryFolder()
  const steps = await walk(begin(what, params, whole.path))
  const unbroken = readFileSync(join(whole.path, file), 'utf8')
  // The map of a board is made anew wherever it was stopped: two stops tell as much as five.
  for (const after of what === 'transport' ? [3, steps] : [1, 2, Math.floor(steps / 2), steps - 2, steps]) {
    using folder = temporaryFolder()
    const controller = new AbortController()
    const broken = begin(what, params, folder.path, controller.signal)
    await walk(broken, after)
    controller.abort()
    await expect(broken.next()).rejects.toMatchObject({ name: 'AbortError' })
    await outcome(begin(what, params, folder.path))
    expect(readFileSync(join(folder.path, file), 'utf8')).toBe(unbroken)
  }
})

test('what was known when it was stopped is not asked again', async () => {
  const [, params] = searches[0]
  using folder = temporaryFolder()
  const whole = analyticSubject()
  await outcome(begin('steps', params, folder.path, signal, whole))
  using other = temporaryFolder()
  const controller = new AbortController()
  const [first, second] = [analyticSubject(), analyticSubject()]
  const broken = begin('steps', params, other.path, controller.signal, first)
  for (let i = 0; i < 15; i++) await broken.next()
  controller.abort()
  await broken.next().catch(() => undefined)
  const before = first.calls()
  const again = begin('steps', params, other.path, signal, second)
  expect((await again.next()).value).toMatchObject({ label: expect.stringMatching(/of them made before$/) })
  await outcome(again)
  // What was asked after the last candidate is asked again; all that came before is not.
  expect(before + second.calls()).toBeLessThanOrEqual(whole.calls() + 2 * 4)
})

test('killed without a word, it goes on from what lies on the disk', async () => {
  const [what, params, file] = searches[0]
  using whole = temporaryFolder()
  await outcome(begin(what, params, whole.path))
  using folder = temporaryFolder()
  using copy = temporaryFolder()
  const killed = begin(what, params, folder.path)
  for (let i = 0; i < 12; i++) await killed.next()
  // The first search never hears of it: what it had on the disk is all that counts.
  cpSync(folder.path, copy.path, { recursive: true })
  await outcome(begin(what, params, copy.path))
  expect(readFileSync(join(copy.path, file), 'utf8')).toBe(readFileSync(join(whole.path, file), 'utf8'))
  await killed.return([])
})

test('a cancel between two calls ends it: no other call is made', async () => {
  using folder = temporaryFolder()
  const controller = new AbortController()
  const model = analyticSubject()
  const steps = begin('steps', searches[0][1], folder.path, controller.signal, model)
  for (let i = 0; i < 6; i++) await steps.next()
  controller.abort()
  const calls = model.calls()
  await expect(steps.next()).rejects.toMatchObject({ name: 'AbortError' })
  expect(model.calls()).toBe(calls)
})

test('what cannot be read, or was kept by a search with other settings, is begun anew, and told', async () => {
  const [what, params, file] = searches[0]
  using whole = temporaryFolder()
  await outcome(begin(what, params, whole.path))
  const unbroken = readFileSync(join(whole.path, file), 'utf8')
  using folder = temporaryFolder()
  const leave = async () => {
    const steps = begin(what, params, folder.path)
    for (let i = 0; i < 12; i++) await steps.next()
    await steps.return([])
    return unfinished(folder.path)
  }
  for (const spoilt of ['{"version":1,"key":', JSON.stringify({ version: 1, key: 'x', calls: 3, state: { epoch: 'first' } }), '[]']) {
    expect(await leave()).toEqual(['steps-4.unfinished.json'])
    for (const name of readdirSync(folder.path)) writeFileSync(join(folder.path, name), spoilt)
    const notes = await outcome(begin(what, params, folder.path))
    expect(notes[0]).toBe('What was kept of an unfinished search cannot be read: it was begun anew.')
    expect(readFileSync(join(folder.path, file), 'utf8')).toBe(unbroken)
  }
  await leave()
  const [note] = await outcome(begin(what, { ...params, seed: 2 }, folder.path))
  expect(note).toBe('An unfinished search with other settings, or on what has changed since, was given up.')
})

test.each([
  ['solver', 'statistics'],
  ['solver', 'solver'],
  ['steps', 'steps'],
] as const)('a search of the %s that stood on other %s is begun anew', async (what, ground) => {
  const [params, file] = [...(searches.find(([name]) => name === what) ?? [])].slice(1) as [object, string]
  const seeds: Record<string, object> = { solver: { steps: 4, evaluations: 12 }, steps: { steps: 4, population: 4, rounds: 1 } }
  const change = (folder: string) => outcome(begin(ground, { ...small, seed: 8, ...(seeds[ground] ?? { steps: 4, rows: 12 }) }, folder))
  using whole = temporaryFolder()
  await change(whole.path)
  await outcome(begin(what, params, whole.path))
  using folder = temporaryFolder()
  const broken = begin(what, params, folder.path)
  await walk(broken, 15)
  await broken.return([])
  const bookmark = unfinished(folder.path).map((name) => [join(folder.path, name), readFileSync(join(folder.path, name))] as const)
  expect(bookmark).toHaveLength(1)
  await change(folder.path)
  // The other search had the same place to keep how far it was.
  for (const [path, bytes] of bookmark) writeFileSync(path, bytes)
  expect(await outcome(begin(what, params, folder.path))).toContain(
    'An unfinished search with other settings, or on what has changed since, was given up.',
  )
  expect(readFileSync(join(folder.path, file), 'utf8')).toBe(readFileSync(join(whole.path, file), 'utf8'))
})

test('found steps are as good as they say, and never worse than any list written by hand, seen or held out', async () => {
  using folder = temporaryFolder()
  const { subject } = analyticSubject()
  let better = 0
  for (const solver of ['ddim', 'unipc', 'dpm-solver-pp'] as const)
    for (const seed of [1, 2, 3]) {
      await outcome(begin('steps', { ...small, steps: 5, solver, seed, population: 12, rounds: 3 }, folder.path))
      const { scores, levels } = foundIn(folder.path, 'steps-5.json') as FoundSteps
      const ends = await longRuns(folder.path, 2)
      const way = { solver: solverOf(solver), legs: legsOfLevels(subject.path, levels) }
      expect(await scoreOf(subject, way, ends, 0, signal)).toBe(scores.found)
      expect(scores.found).toBeLessThanOrEqual(scores.usual)
      expect(scores.foundHeldOut ?? 0).toBeLessThanOrEqual(scores.usualHeldOut ?? 0)
      if (scores.found < scores.usual) better++
    }
  expect(better).toBeGreaterThan(3)
})

/** The ends of the long runs of the first cases. Seeds of the search do not change the analytic cases. */
async function longRuns(folder: string, count: number): Promise<Float64Array[]> {
  const file = readdirSync(folder).find((name) => name.startsWith('references-')) ?? ''
  const { ends } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { ends: Record<string, string> }
  return Array.from({ length: count }, (_, k) => new Float64Array(Uint8Array.from(Buffer.from(ends[k] ?? '', 'base64')).buffer))
}

test('blocks are left out within the share that may be run, the useless ones sooner than the others', async () => {
  using folder = temporaryFolder()
  const blocks = Array.from({ length: 10 }, (_, i) => `block ${i}`)
  const params = { ...small, heldOut: 0, steps: 4, compute: 0.8, population: 30, rounds: 12 }
  const notes = await outcome(begin('steps', params, folder.path, signal, analyticSubject(undefined, blocks)))
  const { skip, scores } = foundIn(folder.path, 'steps-4.json') as FoundSteps
  const left = skip.flat()
  expect(left.length).toBeGreaterThanOrEqual(8)
  expect(left.filter((block) => block % 2 === 0).length).toBeGreaterThan(left.length / 2)
  expect(scores.found).toBeLessThan(scores.usual)
  expect(notes.at(-2)).toMatch(/^\d+ of 40 blocks are left out\.$/)
  const without = await outcome(begin('steps', { ...params, rounds: 1 }, folder.path))
  expect(without).toContain('This model has no switches for its blocks: only steps were sought.')
})

test('a recipe never does worse than the known solvers, and uses statistics where they were measured at its guidance', async () => {
  using folder = temporaryFolder()
  await outcome(begin('statistics', { guidance: 1, cases: 8, heldOut: 8, rows: 48, steps: 6 }, folder.path))
  const { scores: measured } = foundIn(folder.path, 'statistics-1.json') as FoundStatistics
  expect(measured.foundHeldOut ?? 1).toBeLessThan(measured.usualHeldOut ?? 0)
  await outcome(begin('solver', { ...small, steps: 5, evaluations: 150 }, folder.path))
  const { recipes, statistics } = await tunedIn(folder.path)
  expect(statistics.map(({ guidance, statistics: { count } }) => [guidance, count])).toEqual([[1, 240]])
  expect(recipes[0]?.scores.found).toBeLessThan(recipes[0]?.scores.usual ?? 0)
  expect(recipes[0]?.calls).toBe(5)
})

test('what cannot be is said in words, and files that hold something else are passed over', async () => {
  using folder = temporaryFolder()
  expect(await faultOf(outcome(begin('transport', { guidance: 1, folder: folder.path }, folder.path)))).toMatchObject({ kind: 'missing' })
  const { subject } = analyticSubject()
  const short = { subject: { ...subject, path: { ...subject.path, table: null } }, calls: () => 0 }
  expect(await faultOf(outcome(begin('steps', small, folder.path, signal, short)))).toMatchObject({
    kind: 'invalid',
    what: 'There is nothing to find so.',
  })
  writeFileSync(join(folder.path, 'steps-4.json'), '{}')
  writeFileSync(join(folder.path, 'solver-4.json'), 'no JSON')
  expect(await tunedIn(folder.path)).toEqual({ steps: [], recipes: [], statistics: [], boards: [] })
})

test('what was found before is looked at again: another search is never worse by its own measure', async () => {
  using folder = temporaryFolder()
  const long = { ...small, heldOut: 0, steps: 5, population: 40, rounds: 12 }
  await outcome(begin('steps', long, folder.path))
  const first = (foundIn(folder.path, 'steps-5.json') as FoundSteps).scores.found
  await outcome(begin('steps', { ...long, population: 4, rounds: 1, seed: 9 }, folder.path))
  expect((foundIn(folder.path, 'steps-5.json') as FoundSteps).scores.found).toBeLessThanOrEqual(first)
  await outcome(begin('solver', { ...small, heldOut: 0, steps: 4, evaluations: 120 }, folder.path))
  const recipe = (await tunedIn(folder.path)).recipes[0]?.scores.found ?? 0
  await outcome(begin('solver', { ...small, heldOut: 0, steps: 4, evaluations: 12, seed: 9 }, folder.path))
  expect((await tunedIn(folder.path)).recipes[0]?.scores.found).toBe(recipe)
})

test('the catalogue lists what can be found, with its knobs', () => {
  const cards = methodCards().filter(({ role }) => role === 'tuning')
  expect(cards.map(({ id }) => id)).toEqual(['tune-steps', 'tune-solver', 'tune-statistics', 'tune-transport'])
  for (const { params } of cards) {
    const properties = params.properties as Record<string, { title?: string; description?: string }>
    for (const knob of Object.values(properties)) expect(knob).toMatchObject({ title: expect.any(String), description: expect.any(String) })
  }
})
