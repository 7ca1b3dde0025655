import { describe, expect, it } from 'vitest'
import { uniform } from '../../main/algorithms/diffusion/schedules/uniform.ts'
import type { EditStep, ObjectEditor, ObjectToEdit, Scene } from '../../main/algorithms/editing.ts'
import { objectEditors } from '../../main/algorithms/index.ts'
import { outcome } from '../../main/math/integrate.ts'
import type { Denoise } from '../../main/math/prediction.ts'
import { discrete, normals, signal } from '../kit/generate.ts'
import { predictMixture } from '../kit/mixture.ts'

const SIZE = 12
const x = normals(SIZE, 3)
const mean = [...normals(SIZE, 4)]
/** A network for pictures around a mean; how often it is asked is counted by whoever hands in the counter. */
const says =
  (means: readonly number[], asked = { calls: 0 }, price = 1): Denoise =>
  async (at, node) => {
    asked.calls += price
    return predictMixture({ weights: [1], means: [[...means]], stds: [0.5] }, at, node)
  }
const inside = (from: number, to: number) => Float64Array.from({ length: SIZE }, (_, i) => Number(i >= from && i < to))
const object = (mask: Float64Array, asked = { calls: 0 }): ObjectToEdit => {
  const wanted = mean.map((value, i) => value + 2 * mask[i])
  return {
    mask,
    denoise: says(wanted, asked, 2),
    judge: async (candidate) => ({
      fidelity: -candidate.reduce((sum, value, i) => sum + (1 - mask[i]) * (value - x[i]) ** 2, 0),
      editability: -candidate.reduce((sum, value, i) => sum + mask[i] * (value - wanted[i]) ** 2, 0),
    }),
  }
}
const sceneOf = (asked = { calls: 0 }): Scene => ({
  x,
  legs: uniform.make(uniform.params.parse({}), {}).legs(discrete, 10),
  source: says(mean, asked),
  whole: says(
    mean.map((value, i) => value + (i < 9 ? 2 : 0)),
    asked,
    2,
  ),
  objects: [object(inside(0, 4), asked), object(inside(5, 9), asked)],
})

describe.each(objectEditors.map((method) => [method.id, method] as const))('the editor %s', (_, method) => {
  const editor: ObjectEditor = method.make(method.params.parse({}), {})

  it('asks the networks no more often than it says beforehand', async () => {
    const asked = { calls: 0 }
    const scene = sceneOf(asked)
    await outcome(editor.edit(scene, signal))
    expect(asked.calls).toBeGreaterThan(0)
    expect(asked.calls).toBeLessThanOrEqual(editor.calls(scene))
  })

  it('gives the same twice, and leaves alone what it was given', async () => {
    const before = x.slice()
    const [one, other] = [await outcome(editor.edit(sceneOf(), signal)), await outcome(editor.edit(sceneOf(), signal))]
    expect(x).toEqual(before)
    expect(other).toEqual(one)
    expect(one.x.length).toBe(SIZE)
    expect(one.inverted[0]).toEqual(x)
  })

  it('puts objects together from their drafts, and what is in none from the picture on its way', async () => {
    const { assembled, inverted, drafts, depths } = await outcome(editor.edit(sceneOf(), signal))
    const passing = depths.map((depth, i) => drafts[i].find((draft) => draft.depth === depth)?.passing)
    const outside = [4, 9, 10, 11]
    expect(inverted.some((state) => outside.every((i) => state[i] === assembled[i]))).toBe(true)
    for (let i = 0; i < 4; i++) expect(assembled[i]).toBe(passing[0]?.[i])
    for (let i = 5; i < 9; i++) expect(assembled[i]).toBe(passing[1]?.[i])
  })

  it('takes a depth that is set, and tells of every step until the last', async () => {
    const scene = sceneOf()
    const set: Scene = { ...scene, objects: scene.objects.map((one) => ({ ...one, depth: 6 })) }
    const steps: EditStep[] = []
    const run = editor.edit(set, signal)
    let next = await run.next()
    for (; !next.done; next = await run.next()) steps.push(next.value)
    expect(next.value.depths).toEqual([6, 6])
    expect(steps.every(({ step }, i) => i === 0 || step >= steps[i - 1].step)).toBe(true)
    expect(steps[steps.length - 1].step).toBe(steps[0].steps)
  })

  it('refuses an object that is nowhere, and stops when it is told to', async () => {
    const scene = sceneOf()
    await expect(outcome(editor.edit({ ...scene, objects: [object(inside(0, 0))] }, signal))).rejects.toThrow(RangeError)
    const stopped = AbortSignal.abort(new Error('enough'))
    await expect(outcome(editor.edit(scene, stopped))).rejects.toThrow('enough')
  })
})
