import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { differences } from './compare.ts'
import { runVector, vectorsIn } from './run-vectors.ts'

describe('golden vectors', () => {
  for (const path of vectorsIn(join(import.meta.dirname, 'vectors')))
    it(basename(path), async () => {
      expect(await runVector(path)).toEqual({ file: basename(path), status: 'passed', notes: [] })
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
