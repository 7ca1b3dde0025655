import type { KnobValue } from '../knobs/knobs.ts'

const number = (value: KnobValue | undefined, otherwise: number): number => (typeof value === 'number' ? value : otherwise)

/** Ways back to noise that look at the picture twice a step. */
const TWICE: readonly KnobValue[] = ['edict']
/** Solvers that look twice a step. */
const TWICE_A_STEP: readonly KnobValue[] = ['heun']

/**
 * Network calls that making a picture will take. An estimate: words that are followed closely cost each step a second look, and
 * only the share of the way that is gone counts.
 */
export function imaginationCalls(method: string, params: Readonly<Record<string, KnobValue>>, objects: number): number {
  const looks = number(params.guidance, 1) > 1 ? 2 : 1
  const steps = number(params.steps, 20)
  const gone = Math.max(1, Math.round(steps * number(params.strength, 1)))
  const there = TWICE.includes(params.inversion ?? null) ? 2 : 1
  switch (method) {
    case 'fill':
      return gone * looks
    case 'exact-edit':
      return gone * there * (1 + looks + (params.check === true ? 1 : 0))
    case 'edit-objects':
      return objectCalls(gone, Math.max(1, objects), params)
    default:
      return steps * looks * (TWICE_A_STEP.includes(params.solver ?? null) ? 2 : 1)
  }
}

/**
 * The picture is inverted once; for each object depths are tried, every one with the old words and the new; then the whole comes down
 * together. A coarse search walks some three and a half times the way, a search of every depth half its square.
 */
function objectCalls(steps: number, objects: number, params: Readonly<Record<string, KnobValue>>): number {
  const search = params.search === 'every' ? (steps * (steps + 1)) / 2 : 3.6 * steps
  const again = number(params.reinvert, 0) * steps
  const together = (number(params.assembleAt, 0) + number(params.reinvert, 0)) * steps
  return Math.round(steps + again + 2 * (objects * search + together))
}
