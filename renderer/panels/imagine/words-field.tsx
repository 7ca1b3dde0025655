import { useEffect, useRef } from 'react'
import type { MethodCard } from '../../../preload/contract/catalog.ts'
import { TextArea } from '../../design/fields.tsx'
import { words } from '../../words/en.ts'
import { beginningAt, knobs } from '../knobs/knobs.ts'
import { useSettings } from '../knobs/settings.ts'
import { useValues } from '../knobs/use-knobs.ts'
import { useShell } from '../shell.ts'
import { useModel, wishOf } from './methods.ts'

interface WordsFieldProps {
  readonly method: MethodCard
  /** Id of the knob. */
  readonly id: string
  /** In place of the knob's own title. */
  readonly label?: string
  /** Is the label shown above it? Otherwise something else says it already. */
  readonly labelled?: boolean
  /** Does it have the keyboard when the panel is asked to begin? */
  readonly isFirst?: boolean
}

/** Words that a method takes, where it takes them. */
export function WordsField({ method, id, label, labelled = true, isFirst = false }: WordsFieldProps) {
  const ref = useRef<HTMLTextAreaElement>(null)
  const value = useValues(method)[id]
  useFirstField(ref, isFirst)
  const usual = useModel(wishOf(method))?.usual ?? {}
  const knob = beginningAt(knobs(method.params), usual).find((other) => other.id === id)
  if (knob?.kind !== 'text') return null
  return (
    <TextArea
      ref={ref}
      label={label ?? knob.title}
      labelled={labelled}
      tip={knob.tip}
      maxLength={knob.limit}
      value={String(value ?? knob.initial)}
      onChange={(event) => useSettings.getState().set(method.id, id, event.currentTarget.value)}
    />
  )
}

/** What the picture shall keep away from: rarely needed, so it is folded until it holds something. */
export function Negative({ method }: { readonly method: MethodCard }) {
  const value = useValues(method).negative
  const isThere = knobs(method.params).some(({ id }) => id === 'negative')
  if (!isThere) return null
  return (
    <details className="params-more" open={value ? true : undefined}>
      <summary>{words.generate.negative}</summary>
      <WordsField method={method} id="negative" label={words.generate.negative} labelled={false} />
    </details>
  )
}

/** Gives a field the keyboard when its panel is opened to be typed in. */
export function useFirstField(ref: { readonly current: HTMLElement | null }, isFirst: boolean): void {
  const serial = useShell(({ focusSerial }) => focusSerial)
  useEffect(() => {
    if (!isFirst || serial <= lastAnswered) return
    lastAnswered = serial
    ref.current?.focus()
  }, [serial, isFirst, ref])
}

/** A wish is answered once, whichever panel was mounted since. */
let lastAnswered = 0
