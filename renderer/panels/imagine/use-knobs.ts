import { useMemo } from 'react'
import type { MethodCard } from '../../../preload/contract/catalog.ts'
import { useProject } from '../../studio/project.ts'
import { type Knob, type KnobValue, knobs } from '../knobs/knobs.ts'
import { useSettings } from '../knobs/settings.ts'

const NO_VALUES: Readonly<Record<string, KnobValue>> = {}

/** What the artist has set of a method. */
export const useValues = (method: MethodCard | null): Readonly<Record<string, KnobValue>> =>
  useSettings(({ params }) => (method ? params[method.id] : undefined)) ?? NO_VALUES

/** The knobs of a method without those a panel draws itself. Choices of methods are called as the methods are. */
export function useKnobs({ params }: MethodCard, without: readonly string[]): readonly Knob[] {
  const methods = useProject(({ catalog }) => catalog?.methods)
  return useMemo(
    () => knobs(params, (id) => methods?.find((method) => method.id === id)?.title).filter(({ id }) => !without.includes(id)),
    [params, methods, without],
  )
}
