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
      return gone * there * (1 + looks)
    case 'edit-objects':
      return Math.max(1, objects) * (number(params.budget, 0) + gone * there * (1 + looks))
    default:
      return steps * looks * (TWICE_A_STEP.includes(params.solver ?? null) ? 2 : 1)
  }
}
