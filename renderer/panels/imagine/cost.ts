import type { Work } from '../knobs/forecast.ts'
import { type Knob, type KnobValue, knobs, standOf } from '../knobs/knobs.ts'

/** Knobs that say how much is done: the cost grows with each of them. */
const AMOUNTS = ['steps', 'strength']
/** Pixels of the size that a picture is counted in. */
const UNIT = 512 * 512

/**
 * What running a method will be, as far as its cost is concerned. Its schema tells: what is chosen or switched makes it other work, and so
 * does a knob at its least, where it commonly turns something off; between its ends only an amount matters.
 */
export function workOf(
  method: { readonly id: string; readonly params: Readonly<Record<string, unknown>> },
  model: string,
  params: Readonly<Record<string, unknown>>,
  objects: number,
): Work {
  const list = knobs(method.params)
  const stand = (knob: Knob) => standOf(knob, params[knob.id] as KnobValue | undefined)
  const amounts = AMOUNTS.flatMap((id) => list.filter((knob) => knob.id === id && knob.kind === 'range').map((knob) => Number(stand(knob))))
  const { width, height } = params
  const area = typeof width === 'number' && typeof height === 'number' ? (width * height) / UNIT : 1
  const settings = list.flatMap((knob) => {
    if (knob.kind === 'text' || AMOUNTS.includes(knob.id)) return []
    const value = stand(knob)
    return [[knob.id, knob.kind === 'range' && value !== null ? Number(value) <= knob.min : value] as const]
  })
  return {
    name: `${method.id} ${model}`,
    settings: JSON.stringify([...settings, objects]),
    amount: amounts.reduce((product, amount) => product * amount, area),
  }
}
