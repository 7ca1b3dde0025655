import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { differences } from './compare.ts'
import { runVector, vectorsIn } from './run-vectors.ts'

describe('golden vectors', () => {
  const folders = ['vectors', 'more'].map((name) => join(import.meta.dirname, name))
  for (const path of folders.flatMap(vectorsIn))
    it(basename(path), async () => {
      expect(await runVector(path)).toEqual({ file: basename(path), status: 'passed', notes: [] })
    })
})

describe('the runner', () => {
  const folder = mkdtempSync(join(tmpdir(), 'golden-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const write = (name: string, json: unknown): string => {
    const path = join(folder, name)
    writeFileSync(path, JSON.stringify(json))
    return path
  }
  const pmrf = () => JSON.parse(readFileSync(join(import.meta.dirname, 'vectors/pmrf.json'), 'utf8'))

  it('knows vectors by their content, and leaves alone what it does not know', async () => {
    expect((await runVector(write('case-1.json', pmrf()))).status).toBe('passed')
    expect((await runVector(write('case-2.json', { cases: [{ expected: { a: 1 } }] }))).status).toBe('skipped')
    expect((await runVector(write('case-3.json', [1, 2]))).status).toBe('skipped')
  })

  it('says where a number is wrong', async () => {
    const wrong = pmrf()
    wrong.cases[1].expected.euler[5][0][0] += 1e-6
    const { status, notes } = await runVector(write('pmrf-wrong.json', wrong))
    expect(status).toBe('failed')
    expect(notes).toEqual([expect.stringMatching(/^case 1, euler\.5: /)])
  })

  it('refuses a setting that nothing answers to, and one that says what the product does not do', async () => {
    const strange = pmrf()
    strange.cases[0].settings.temperature = 2
    const { status, notes } = await runVector(write('pmrf-strange.json', strange))
    expect(status).toBe('failed')
    expect(notes).toEqual(['cases.0.settings.temperature: nothing answers to it'])
    const other = pmrf()
    other.cases[0].settings.d = 7
    expect((await runVector(write('pmrf-other.json', other))).notes[0]).toContain('The setting d is 7')
  })

  it('fails a file that cannot be read', async () => {
    writeFileSync(join(folder, 'pmrf-broken.json'), '{')
    expect((await runVector(join(folder, 'pmrf-broken.json'))).status).toBe('failed')
  })
})

describe('the comparison', () => {
  const none = () => 1e-8
  it('lets nothing expected go unchecked', () => {
    expect(differences({ a: 1 }, { a: 1, b: 2 }, none)).toEqual(['b: was not computed'])
    expect(differences({ a: { 1: [1] } }, { a: { 1: [1], 2: [1] } }, none)).toEqual(['a.2: was not computed'])
    expect(differences({ a: [1, 2] }, { a: [[1], [2], [3]] }, none)).toEqual(['a: 2 values instead of 3'])
  })

  it('is exact to the tolerance and sees what is not a number', () => {
    expect(differences({ a: Float64Array.of(1 + 1e-9, 2) }, { a: [[1, 2]] }, none)).toEqual([])
    expect(differences({ a: [1, 2 + 1e-7] }, { a: [1, 2] }, none)).toHaveLength(1)
    expect(differences({ a: Number.NaN }, { a: 1 }, none)).toHaveLength(1)
    expect(differences({ a: 1 }, { a: 'one' }, none)).toHaveLength(1)
  })
})
