import { useId } from 'react'
import './choice.css'

interface ChoiceProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly title: string; readonly tip?: string | undefined }[]
  onChange(value: T): void
}

/** One of very few, all in view: radio buttons that look like one. */
export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  const name = useId()
  return (
    <fieldset className="choice" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} data-tip={option.tip}>
          <input type="radio" name={name} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span className="truncate">{option.title}</span>
        </label>
      ))}
    </fieldset>
  )
}
