import { vpDiscrete } from '../../../main/algorithms/diffusion/paths/vp-discrete.ts'
import { type Sampling, sample } from '../../../main/algorithms/diffusion/sample.ts'
import type { Draw, Model, Sampled } from '../../../main/algorithms/roles.ts'
import type { Path } from '../../../main/math/gaussian-path.ts'
import type { Inputs } from '../adapter.ts'

export const { signal } = new AbortController()

/** Nested lists in one array. */
export const flat = (list: unknown): Float64Array => Float64Array.from((list as number[]).flat(Number.POSITIVE_INFINITY) as number[])

/** One array as rows of so many. */
export const rowsOf = (values: Float64Array, length: number): number[][] =>
  Array.from({ length: values.length / length }, (_, i) => [...values.subarray(i * length, (i + 1) * length)])

/** The path a file's settings describe: in words such as `scaled_linear 0.00085..0.012, 1000`, or field by field. */
export function pathOf(schedule: string | Inputs): Path {
  if (typeof schedule !== 'string') {
    const { betas, beta_start, beta_end, T } = schedule
    return vpDiscrete.make(vpDiscrete.params.parse({ form: betas, betaStart: beta_start, betaEnd: beta_end, count: T }), {})
  }
  const found = /^(\w+) ([\d.e-]+?)\.\.([\d.e-]+), (\d+)$/.exec(schedule)
  if (!found) throw new Error(`The schedule ${schedule} is not understood.`)
  const [, form, start, end, count] = found
  return vpDiscrete.make(vpDiscrete.params.parse({ form, betaStart: Number(start), betaEnd: Number(end), count: Number(count) }), {})
}

/** Where the last step lands: on the path's first level, or on no noise. A file says it by a flag, by the value, or by both. */
export function landingOf(settings: Inputs, final?: unknown): 'first' | 'clean' {
  const landing = settings.set_alpha_to_one ? 'clean' : 'first'
  const said = final === undefined ? landing : { 'abar[0]': 'first', '1': 'clean', '1.0': 'clean' }[String(final)]
  if (said !== landing) throw new RangeError(`The last level is ${String(final)}, and set_alpha_to_one ${settings.set_alpha_to_one}.`)
  return landing
}

export const modelOn = (path: Path): Model => ({ path, statistics: null })

/** Hands out listed normal numbers, one list a draw. */
export function listedDraw(lists: unknown): Draw {
  let at = 0
  return (count) => {
    const next = flat((lists as unknown[])[at++])
    if (next.length !== count) throw new Error(`The file lists ${next.length} normal numbers instead of ${count}.`)
    return next
  }
}

export const undrawn: Draw = () => {
  throw new Error('Nothing was to be drawn.')
}

/** The states after each step, the start first. */
export async function statesOf<S extends Sampled>(sampling: Sampling<S>): Promise<S[]> {
  const states: S[] = []
  for await (const { state } of sample(sampling, signal)) states.push(state)
  return states
}
