import { useMemo } from 'react'
import type { MethodCard } from '../../../preload/contract/catalog.ts'
import { useProject } from '../../studio/project.ts'
import { beginningAt, type Knob, type KnobValue, knobs, type Usual } from './knobs.ts'
import { useSettings } from './settings.ts'

const NO_VALUES: Readonly<Record<string, KnobValue>> = {}
const NOTHING_USUAL: Usual = {}

/** What the artist has set of a method. */
export const useValues = (method: MethodCard | null): Readonly<Record<string, KnobValue>> =>
  useSettings(({ params }) => (method ? params[method.id] : undefined)) ?? NO_VALUES

/** The knobs of a method, where each stands, and how to turn it. */
export interface Turning {
  readonly knobs: readonly Knob[]
  readonly values: Readonly<Record<string, KnobValue>>
  onChange(id: string, value: KnobValue): void
  /** Puts all of these back where they begin; null where they are. */
  readonly onReset: (() => void) | null
}

/**
 * The knobs of a method without those a panel draws itself. Choices of methods are called as the methods are.
 * @param usual where a model wants them to begin. A knob that stands there goes along when another model wants it elsewhere.
 */
export function useKnobs(method: MethodCard, without: readonly string[], usual = NOTHING_USUAL): Turning {
  const { id, params } = method
  const methods = useProject(({ catalog }) => catalog?.methods)
  const values = useValues(method)
  const list = useMemo(() => {
    const all = knobs(params, (named) => methods?.find((other) => other.id === named)?.title)
    return beginningAt(all, usual).filter((knob) => !without.includes(knob.id))
  }, [params, methods, without, usual])
  const { set } = useSettings.getState()
  const turned = list.filter((knob) => values[knob.id] !== undefined && values[knob.id] !== knob.initial)
  const reset = () => {
    for (const knob of turned) set(id, knob.id, undefined)
  }
  return {
    knobs: list,
    values,
    onChange: (name, value) => set(id, name, value === list.find((knob) => knob.id === name)?.initial ? undefined : value),
    onReset: turned.length === 0 ? null : reset,
  }
}
