import { describe, expect, it } from 'vitest'
import { uniform } from '../../../main/algorithms/diffusion/schedules/uniform.ts'
import type { EditStep, ObjectToEdit, Scene } from '../../../main/algorithms/editing.ts'
import { ddimInversion } from '../../../main/algorithms/inversion/ddim-inversion.ts'
import { objectAware } from '../../../main/algorithms/inversion/object-aware.ts'
import { choose, fidelityOf, insideAt } from '../../../main/algorithms/inversion/object-aware-choice.ts'
import { judgedByModel, judgingNodes } from '../../../main/algorithms/inversion/object-aware-judge.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { type Denoise, guide } from '../../../main/math/prediction.ts'
import { noiseOf } from '../../../main/math/random.ts'
import { discrete, furthest, normals, signal } from '../../kit/generate.ts'
import { predictMixture } from '../../kit/mixture.ts'

const SIZE = 24
const ladder = (steps: number) => uniform.make(uniform.params.parse({}), {}).legs(discrete, steps)
const maskOf = (from: number, to: number) => Float64Array.from({ length: SIZE }, (_, i) => (i >= from && i < to ? 1 : 0))

/** Pictures around a mean; objects lift the mean within their mask. */
const ground = normals(SIZE, 4).map((value) => 0.5 * value)
const lifted = (...lifts: readonly (readonly [mask: Float64Array, lift: number])[]) =>
  ground.map((value, i) => value + lifts.reduce((sum, [mask, lift]) => sum + mask[i] * lift, 0))
const says =
  (mean: Float64Array, deviation = 0.4): Denoise =>
  async (x, at) =>
    predictMixture({ weights: [1], means: [[...mean]], stds: [deviation] }, x, at)
const guided =
  (mean: Float64Array, weight = 1.5, deviation = 0.4): Denoise =>
  async (x, at, stop) =>
    guide(await says(ground)(x, at, stop), await says(mean, deviation)(x, at, stop), weight)

const x = normals(SIZE, 9).map((value, i) => ground[i] + 0.3 * value)
const [small, large] = [maskOf(0, 8), maskOf(10, 20)]
/** @param deviation how freely the new object varies: a free one takes its shape late. */
const objectOf = (mask: Float64Array, lift: number, deviation = 0.4): ObjectToEdit => {
  const wanted = lifted([mask, lift])
  return {
    mask,
    denoise: guided(wanted, 1.5, deviation),
    judge: async (candidate) => ({
      fidelity: fidelityOf(x, candidate, mask),
      editability: -candidate.reduce((sum, value, i) => sum + mask[i] * (value - wanted[i]) ** 2, 0),
    }),
  }
}
const sceneOf = (objects: readonly ObjectToEdit[], whole: Denoise, steps = 20): Scene => ({
  x,
  legs: ladder(steps),
  source: says(ground),
  whole,
  objects,
})
const both = sceneOf([objectOf(small, 0.6, 0.8), objectOf(large, 3)], guided(lifted([small, 0.6], [large, 3])))
const editor = (params: object = {}) => objectAware.make(objectAware.params.parse(params), {})
const edit = (scene: Scene, params: object = {}) => outcome(editor(params).edit(scene, signal))

describe('object-aware inversion', () => {
  it('finds for each object a depth of its own, better than any one depth for all', async () => {
    const { depths, drafts } = await edit(both, { search: 'every' })
    expect(depths[0]).toBeGreaterThan(depths[1])
    const metrics = drafts.map((list) => choose(list).metric)
    const apart = metrics.reduce((sum, metric, i) => sum + metric[depths[i] - 1], 0)
    const together = Math.max(...metrics[0].map((value, i) => value + metrics[1][i]))
    expect(apart).toBeGreaterThan(together)
  })

  it('finds by the coarse search depths about as good, within the calls it announces', async () => {
    let asked = 0
    const counted =
      (denoise: Denoise, price: number): Denoise =>
      (at, node, stop) => {
        asked += price
        return denoise(at, node, stop)
      }
    const scene: Scene = {
      ...both,
      source: counted(both.source, 1),
      whole: counted(both.whole, 2),
      objects: both.objects.map((object) => ({ ...object, denoise: counted(object.denoise, 2) })),
    }
    const coarse = await edit(scene)
    const announced = editor().calls(both)
    expect(asked).toBeLessThanOrEqual(announced)
    expect(asked).toBeGreaterThan(0.8 * announced)
    // Under 150 calls for an object at twenty steps, as against 420 for every depth.
    expect((announced - 60) / 2).toBeLessThan(150)
    const every = await edit(both, { search: 'every' })
    for (const [i, depth] of coarse.depths.entries()) {
      const { metric } = choose(every.drafts[i])
      expect(metric[depth - 1]).toBeGreaterThan(0.9 * Math.max(...metric))
    }
  })

  it('leaves everything outside the objects as it was when they are put together', async () => {
    const { assembled, inverted, drafts, depths } = await edit(both)
    const chosen = drafts.map((list, i) => list.find((draft) => draft.depth === depths[i]))
    for (let i = 0; i < SIZE; i++) {
      const owner = small[i] ? chosen[0] : large[i] ? chosen[1] : undefined
      expect(assembled[i]).toBe(owner ? owner.passing[i] : inverted[4][i])
    }
  })

  it('gives the same whatever the order of the objects', async () => {
    const there = await edit(both)
    const turned = await edit({ ...both, objects: [...both.objects].reverse() })
    expect(turned.x).toEqual(there.x)
    expect(turned.depths).toEqual([...there.depths].reverse())
  })

  it('with the words of the picture for every object only rebuilds it, as DDIM does', async () => {
    const same = guided(ground, 1)
    const object = { ...objectOf(small, 0), denoise: same }
    const scene = sceneOf([object], same)
    const { assembled, inverted, x: end } = await edit(scene)
    const inversion = ddimInversion.make({}, {})
    const there = await outcome(inversion.there(x, scene.legs, says(ground), signal))
    const [rebuilt] = await outcome(inversion.back(there, says(ground), signal))
    const loss = furthest(rebuilt, x)
    expect(furthest(assembled, inverted[4])).toBeLessThan(2 * loss)
    expect(furthest(end, x)).toBeLessThan(2 * loss)
  })

  it('takes a depth set by hand, and drafts that are already there', async () => {
    const [first, second] = both.objects
    const byHand = await edit({ ...both, objects: [{ ...first, depth: 7 }, second] })
    expect(byHand.depths[0]).toBe(7)
    expect(byHand.drafts[0].map((draft) => draft.depth)).toEqual([7])
    const refusing: ObjectToEdit = { ...second, drafts: byHand.drafts[1], denoise: () => Promise.reject(new Error('asked again')) }
    expect((await edit({ ...both, objects: [{ ...first, depth: 7 }, refusing] })).x).toEqual(byHand.x)
  })

  it('tells every draft and ends where it said', async () => {
    const steps: EditStep[] = []
    const run = editor().edit(both, signal)
    for (let next = await run.next(); !next.done; next = await run.next()) steps.push(next.value)
    expect(steps.filter(({ draft }) => draft).length).toBeGreaterThanOrEqual(8)
    expect(steps.every(({ step }, i) => i === 0 || step >= steps[i - 1].step)).toBe(true)
    expect(steps[steps.length - 1]).toMatchObject({ step: steps[0].steps, label: 'blend' })
  })

  it('gives what two masks claim to the later object, and says so', async () => {
    const overlapping = sceneOf([objectOf(small, 1), objectOf(maskOf(4, 12), 2)], both.whole)
    const { assembled, drafts, depths, warnings } = await edit(overlapping)
    expect(warnings).toEqual([expect.stringMatching(/overlap/)])
    expect(assembled[5]).toBe(drafts[1].find((draft) => draft.depth === depths[1])?.passing[5])
  })

  it('warns of an object that is edited at too small a depth', async () => {
    const { assembled, inverted, warnings } = await edit(sceneOf([{ ...objectOf(small, 1), depth: 2 }], both.whole))
    expect(assembled).toEqual(inverted[4])
    expect(warnings).toEqual([expect.stringMatching(/lower Blend/)])
  })

  it('refuses masks and levels that make no sense', async () => {
    const rejects = (scene: Scene, words: RegExp, params: object = {}) => expect(edit(scene, params)).rejects.toThrow(words)
    await rejects({ ...both, objects: [] }, /no object/)
    await rejects(sceneOf([objectOf(maskOf(0, 0), 1)], both.whole), /empty/)
    await rejects(sceneOf([objectOf(maskOf(0, SIZE), 1)], both.whole), /whole picture/)
    await rejects(both, /needs more than the 20 steps/, { assembleAt: 0.6, reinvert: 0.6 })
    await rejects(sceneOf([{ ...objectOf(small, 1), depth: 21 }], both.whole), /depth of object 0/)
  })
})

describe('masks at another size', () => {
  it('take the nearest, whatever is not zero being inside', () => {
    expect([...insideAt([0, 0, 7, 7, 0, 0, 7, 7, 0, 0, 0, 0, 0, 0, 0, 0], [4, 4], [2, 2])]).toEqual([0, 1, 0, 0])
  })
})

describe('the model as a judge', () => {
  it('prefers what shows the wanted object, and more so the more it does', async () => {
    const wanted = lifted([large, 3])
    const words = { wanted: says(wanted), source: says(ground) }
    const judge = (share: number) => {
      const candidate = x.map((value, i) => value + share * 3 * large[i])
      return judgedByModel(candidate, large, words, judgingNodes(discrete), noiseOf(4), signal)
    }
    const worth = [await judge(0), await judge(0.5), await judge(1)]
    expect(worth[0]).toBeLessThan(0)
    expect(worth[0]).toBeLessThan(worth[1])
    expect(worth[1]).toBeLessThan(worth[2])
    expect(worth[2]).toBeGreaterThan(0)
    expect(judgingNodes(discrete).map((node) => node.label)).toEqual([200, 400, 600, 800])
  })
})
