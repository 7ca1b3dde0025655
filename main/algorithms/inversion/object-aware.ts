import { z } from 'zod'
import type { Node } from '../../math/gaussian-path.ts'
import { expectFinite } from '../../math/mix.ts'
import { levelsOf, move } from '../../math/move.ts'
import type { Denoise } from '../../math/prediction.ts'
import { define } from '../define.ts'
import type { Draft, EditStep, ObjectsEdited, ObjectToEdit, Scene } from '../editing.ts'
import { bestDepth, finerDepths, firstDepths, searchSteps, stepsOf } from './object-aware-search.ts'
import { upTo, walk } from './walk.ts'

const params = z.object({
  search: z.enum(['every', 'coarse']).default('coarse').meta({
    title: 'Search',
    description: 'Which depths are tried for each object: a few and then finer around the best, or every one, which takes very long.',
  }),
  assembleAt: z.number().min(0).max(0.9).default(0.2).meta({
    title: 'Blend',
    description: 'How near to the noise the objects are put together, as a share of the way: more blends better and keeps less.',
  }),
  reinvert: z.number().min(0).max(0.9).default(0.2).meta({
    title: 'Blend again',
    description: 'How far the whole is then brought on towards the noise before its last way down, as a share of the way.',
  }),
})

interface Plan {
  readonly levels: readonly Node[]
  readonly assembleAt: number
  readonly top: number
  readonly search: z.output<typeof params>['search']
}

function planOf({ legs, objects, x }: Scene, { search, assembleAt, reinvert }: z.output<typeof params>): Plan {
  const steps = legs.length
  const low = Math.round(assembleAt * steps)
  const top = low + Math.round(reinvert * steps)
  if (steps === 0) throw new RangeError('Editing needs one step at least.')
  if (top > steps)
    throw new RangeError(`Putting together at level ${low} and going on to ${top} needs more than the ${steps} steps there are.`)
  if (objects.length === 0) throw new RangeError('There is no object to edit.')
  for (const [i, { mask, depth }] of objects.entries()) {
    if (mask.length !== x.length) throw new RangeError(`The mask of object ${i} has ${mask.length} values, the picture ${x.length}.`)
    const inside = mask.reduce((count, value) => count + (value > 0.5 ? 1 : 0), 0)
    if (inside === 0) throw new RangeError(`The mask of object ${i} is empty.`)
    if (inside === mask.length) throw new RangeError(`The mask of object ${i} covers the whole picture.`)
    if (depth !== undefined && !(Number.isInteger(depth) && depth >= 1 && depth <= steps))
      throw new RangeError(`The depth of object ${i} is ${depth}; it must be a whole number from 1 to ${steps}.`)
  }
  return { levels: levelsOf(legs), assembleAt: low, top, search }
}

/** The most steps that one object takes before all are put together. */
const stepsFor = ({ depth }: ObjectToEdit, { search, levels }: Plan): number =>
  depth === undefined ? searchSteps(search, levels.length - 1) : stepsOf(depth)

/** Which object each value belongs to: the later of two that claim it; null outside all. */
function owners(objects: readonly ObjectToEdit[], length: number): { readonly owner: (number | null)[]; readonly shared: boolean } {
  const owner: (number | null)[] = new Array<number | null>(length).fill(null)
  let shared = false
  for (const [i, { mask }] of objects.entries())
    for (let at = 0; at < length; at++)
      if (mask[at] > 0.5) {
        shared ||= owner[at] !== null
        owner[at] = i
      }
  return { owner, shared }
}

/** The states from level to level, up or down; with the noise of the noisier level's time, as DDIM's inversion has it. */
async function* along(x: Float64Array, places: readonly number[], levels: readonly Node[], denoise: Denoise, signal: AbortSignal) {
  const states = [x]
  const ticks = walk(
    [x],
    places,
    async ([at], from, to, stop) => [move(at, (await denoise(at, levels[Math.max(from, to)], stop)).eps, levels[from], levels[to])],
    signal,
  )
  for await (const { state } of ticks) {
    states.push(state[0])
    yield state[0]
  }
  return states
}

/** Level `from` down to 0 or up to `to`, one at a time. */
const between = (from: number, to: number): readonly number[] =>
  from >= to ? upTo(from - to).map((i) => from - i) : upTo(to - from).map((i) => from + i)

/**
 * Object-aware inversion and reassembly. Objects of one picture want different depths: what shall change a lot must be brought far
 * towards the noise, what shall change a little must not. The picture is inverted once. For each object every depth is a candidate,
 * edited with its own words alone; the best keeps most outside the object and shows most of what was asked inside, both spread over
 * 0..1 and added. At a low level r the objects are put together, Z = (1 - sum m) X(r) + sum m G; Z goes on towards the noise with the
 * words of the picture and comes down with all words replaced, which closes the seams.
 */
export const objectAware = define({
  id: 'object-aware',
  role: 'object-editor',
  title: 'Edit objects',
  summary: 'Several objects of one picture become something else, each from the depth that suits it.',
  paper: {
    title: 'Object-aware Inversion and Reassembly for Image Editing',
    year: 2024,
    link: 'https://arxiv.org/abs/2310.12149',
  },
  params,
  needs: {},
  make: (settings) => ({
    calls: (scene) => {
      const plan = planOf(scene, settings)
      const guided = scene.objects.reduce((sum, object) => sum + stepsFor(object, plan), 0) + plan.top
      return plan.levels.length - 1 + (plan.top - plan.assembleAt) + 2 * guided
    },
    async *edit(scene, signal) {
      const plan = planOf(scene, settings)
      const { x, source, whole, objects } = scene
      const { levels, assembleAt, top, search } = plan
      const last = levels.length - 1
      expectFinite(x, 'The picture')
      const steps = last + objects.reduce((sum, object) => sum + stepsFor(object, plan), 0) + (top - assembleAt) + top
      let done = 0
      const at = (label: EditStep['label'], object: number | null = null, draft: Draft | null = null): EditStep => {
        return { step: Math.min(done, steps), steps, label, object, draft }
      }
      async function* go(
        from: Float64Array,
        places: readonly number[],
        denoise: Denoise,
        label: EditStep['label'],
        object: number | null = null,
      ) {
        const states = along(from, places, levels, denoise, signal)
        for (let next = await states.next(); ; next = await states.next()) {
          if (next.done) return next.value
          done++
          yield at(label, object)
        }
      }

      const inverted = yield* go(x, upTo(last), source, 'invert')
      const results: { drafts: Draft[]; depth: number }[] = []
      for (const [i, object] of objects.entries()) {
        const drafts: Draft[] = []
        const draw = async function* (depth: number) {
          const known = object.drafts?.find((one) => one.depth === depth)
          const way = known || depth === 1 ? null : yield* go(inverted[depth], between(depth, 0), object.denoise, 'search', i)
          if (known) done += stepsOf(depth)
          const candidate = way ? way[depth] : x
          const passing = way && depth > assembleAt ? way[depth - assembleAt] : inverted[assembleAt]
          const draft = known ?? { depth, x: candidate, passing, ...(await object.judge(candidate, signal)) }
          drafts.push(draft)
          yield at('search', i, draft)
        }
        const before = done
        if (object.depth !== undefined) yield* draw(object.depth)
        else {
          for (const depth of firstDepths(search, last)) yield* draw(depth)
          for (const depth of finerDepths(search, last, bestDepth(drafts))) yield* draw(depth)
        }
        drafts.sort((a, b) => a.depth - b.depth)
        results.push({ drafts, depth: object.depth ?? bestDepth(drafts) })
        done = before + stepsFor(object, plan)
      }

      const { owner, shared } = owners(objects, x.length)
      const chosen = results.map(({ drafts, depth }) => drafts.find((draft) => draft.depth === depth) as Draft)
      const assembled = inverted[assembleAt].map((value, k) => (owner[k] === null ? value : chosen[owner[k]].passing[k]))
      yield at('assemble')
      const reinverted = (yield* go(assembled, between(assembleAt, top), source, 'assemble'))[top - assembleAt]
      const end = (yield* go(reinverted, between(top, 0), whole, 'blend'))[top]
      expectFinite(end, 'The edited picture')
      const result: ObjectsEdited = {
        inverted,
        drafts: results.map(({ drafts }) => drafts),
        depths: results.map(({ depth }) => depth),
        assembled,
        reinverted,
        x: end,
        warnings: [
          ...(shared ? ['Masks overlap: what two objects share goes to the later one.'] : []),
          ...results.flatMap(({ depth }, i) =>
            depth > assembleAt ? [] : [`Object ${i + 1} is edited at so small a depth that nothing of it is put together: lower Blend.`],
          ),
        ],
      }
      return result
    },
  }),
})
