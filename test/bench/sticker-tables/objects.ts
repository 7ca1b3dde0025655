import type { Tensor } from '../../../main/math/tensor.ts'
import { imagined, layerOf, patchedOver } from '../../engine/imagination/studio.ts'
import type { Table } from '../diffusion-tables/table.ts'
import { CANVAS, coloursOf, composed, cutOut, outside, type Scene } from './compose.ts'
import { type Edit, editAtDepths } from './fixed-depth.ts'
import { type Judge, openJudge } from './judge.ts'
import { GUIDANCE, type OwnModel, openOwn } from './model.ts'
import { psnr } from './psnr.ts'
import { ahead, found, scoreOfCaption } from './retrieval.ts'
import { scenes } from './scenes.ts'

const SETTINGS = { steps: 30, guidance: GUIDANCE }
const GRID = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
const WHOLE = { x: 0, y: 0, ...CANVAS }

/** What became of all scenes in one way. */
interface Tally {
  readonly ranks: number[]
  /** Objects that look more like what they became than like what they were. */
  changed: number
  /** Sum over objects of how much likelier what they became looks than what they were, in nats. */
  gain: number
  /** Bytes outside all objects that are others than before. */
  touched: number
  /** Of the picture as the model left it: what it was, what it is, and what lies outside. */
  readonly before: Tensor[]
  readonly after: Tensor[]
  readonly free: Uint8Array[]
}
const tally = (): Tally => ({ ranks: [], changed: 0, gain: 0, touched: 0, before: [], after: [], free: [] })

async function look(judge: Judge, scene: Scene, rgba: Uint8Array, into: Tally): Promise<void> {
  const canvas = coloursOf(rgba)
  for (const { place, is, becomes } of scene.objects) {
    const { logits } = await judge.look(cutOut(canvas, place))
    into.ranks.push(ahead(logits, becomes, judge.candidates))
    const gain = scoreOfCaption(logits, becomes, judge.candidates) - scoreOfCaption(logits, is, judge.candidates)
    into.gain += gain
    if (gain > 0) into.changed++
  }
}

async function count(judge: Judge, scene: Scene, { patch, before, after }: Edit, into: Tally): Promise<void> {
  const rgba = patchedOver(scene.picture, patch, WHOLE)
  const free = outside(scene.objects)
  into.touched += rgba.filter((value, i) => free[Math.floor(i / 4)] === 1 && value !== scene.picture.rgba[i]).length
  into.before.push(before)
  into.after.push(after)
  into.free.push(free)
  await look(judge, scene, rgba, into)
}

/** Depths that the studio's `edit-objects` finds, in steps, and the very patch it makes. */
async function searched({ folder, sessions }: OwnModel, scene: Scene) {
  const { picture, source, objects } = scene
  const given = { folder, sessions, source: layerOf(picture), ...CANVAS, objects: objects.map(({ place }) => place), seed: 1 }
  const { patch, measures } = await imagined('edit-objects', { ...given, params: { source, feather: 0, ...SETTINGS } })
  return { patch, depths: objects.map((_, i) => Math.round(measures[`depth${i + 1}`] * SETTINGS.steps)) }
}

/** Searched depths against the same depth for all objects, on scenes whose every pixel is known to belong to one thing. */
export async function objects(): Promise<readonly Table[]> {
  await using model = await openOwn('sticker')
  const judge = await openJudge()
  const untouched = tally()
  const ways = new Map([['searched for each', tally()], ...GRID.map((depth) => [`${depth} for all`, tally()] as [string, Tally])])
  const chosen: number[] = []
  for (const text of scenes) {
    const scene = await composed(text)
    await look(judge, scene, scene.picture.rgba, untouched)
    const { patch, depths } = await searched(model, scene)
    chosen.push(...depths)
    const fixed = GRID.map((share) => scene.objects.map(() => Math.round(share * SETTINGS.steps)))
    const edits = await editAtDepths(model, scene, SETTINGS, [depths, ...fixed])
    if (!edits[0] || Buffer.compare(edits[0].patch.rgba, patch.rgba) !== 0)
      throw new Error(
        'With the depths that edit-objects found, its parts give another picture than itself: they are put together otherwise here.',
      )
    for (const [i, into] of [...ways.values()].entries()) await count(judge, scene, edits[i] as Edit, into)
  }
  const total = untouched.ranks.length
  const sharesOf = ({ ranks, changed, gain }: Tally) => [(100 * changed) / total, gain / total, ...found(ranks)] as const
  const rows = [...ways].map(([name, into]) => [name, ...sharesOf(into), psnr(into.after, into.before, into.free)] as const)
  const touched = [...ways.values()].reduce((sum, into) => sum + into.touched, 0)
  const spread = [Math.min(...chosen), median(chosen), Math.max(...chosen)].map((depth) => depth / SETTINGS.steps)
  const [own, ...others] = rows
  const beaten = (column: number) => others.filter((row) => Number(own?.[column]) >= Number(row[column])).length
  return [
    {
      title: 'Objects, searched and fixed depths',
      head: ['depth', 'new before old, %', 'by nats', 'found first, %', 'among five, %', 'PSNR outside, dB'],
      rows: [['as it was', ...sharesOf(untouched), null], ...rows],
      least: false,
      note: `${scenes.length} scenes of ${total} held-out stickers, ${CANVAS.width} × ${CANVAS.height} pixels, half on white and half on a gentle shade; each object becomes another thing of its style, by \`edit-objects\` with ${SETTINGS.steps} steps and guidance ${SETTINGS.guidance}. Each is judged as it lies in its own region, cut out on white, among ${judge.candidates.captions.length.toLocaleString('en-US')} captions. PSNR outside is of the picture as the model left it, decoded, against the decoded original; once it is laid on the layer ${touched === 0 ? 'not a byte outside the objects differs' : `${touched} bytes outside the objects differ`} in any row. Depths found lie between ${spread[0]} and ${spread[2]}, with a median of ${spread[1]}. Of the ${GRID.length} fixed depths the search does at least as well as ${beaten(1)} in turning new before old, ${beaten(2)} by nats, ${beaten(4)} among five, and ${beaten(5)} outside.`,
    },
  ]
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
