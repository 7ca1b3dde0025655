import { type InputHTMLAttributes, type ReactNode, type Ref, type TextareaHTMLAttributes, useId, useRef } from 'react'
import './fields.css'

interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'type'> {
  readonly label: string
  readonly ref?: Ref<HTMLInputElement>
}

/** A line of text. The label is its accessible name. */
export function TextField({ label, ...native }: TextFieldProps) {
  return <input type="text" spellCheck={false} autoComplete="off" aria-label={label} {...native} className="text-field" />
}

interface TextAreaProps extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'className'> {
  readonly label: string
  /** Shows the label above it; otherwise only screen readers have it. */
  readonly labelled?: boolean
  readonly tip?: string | undefined
  readonly ref?: Ref<HTMLTextAreaElement>
}

/** Lines of text. It grows with them, and Escape gives the keyboard back to the canvas. */
export function TextArea({ label, labelled = true, tip, onKeyDown, ...native }: TextAreaProps) {
  const id = useId()
  return (
    <div className="text-area" data-tip={tip}>
      {labelled && (
        <label className="field-label" htmlFor={id}>
          {label}
        </label>
      )}
      <textarea
        id={id}
        rows={2}
        aria-label={labelled ? undefined : label}
        {...native}
        className="text-field"
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.preventDefault()
            event.currentTarget.blur()
          }
          onKeyDown?.(event)
        }}
      />
    </div>
  )
}

interface SelectProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly title: string }[]
  /** Lists of values between which a line is drawn. */
  readonly groups?: readonly (readonly T[])[]
  readonly disabled?: boolean
  onChange(value: T): void
}

/** One of a few. The platform's own list, so that keyboards and screen readers know it. */
export function Select<T extends string>({ label, value, options, groups, disabled, onChange }: SelectProps<T>) {
  const option = (item: T) => (
    <option key={item} value={item}>
      {options.find((other) => other.value === item)?.title ?? item}
    </option>
  )
  const list: ReactNode = groups
    ? groups.flatMap((group, index) => [...(index > 0 ? [<hr key={`line before ${group[0]}`} />] : []), ...group.map(option)])
    : options.map((item) => option(item.value))
  const byPointer = useRef(false)
  return (
    <select
      className="select"
      aria-label={label}
      value={value}
      disabled={disabled}
      onPointerDown={() => {
        byPointer.current = true
      }}
      onKeyDown={() => {
        byPointer.current = false
      }}
      onChange={(event) => {
        onChange(event.currentTarget.value as T)
        // Chosen by hand, the list lets go of the keyboard: letters are tools again.
        if (byPointer.current && !event.currentTarget.form) event.currentTarget.blur()
      }}
    >
      {list}
    </select>
  )
}

/** A row of a form: its words on the left, its control on the right. */
export function Field({
  label,
  tip,
  children,
}: {
  readonly label: string
  readonly tip?: string | undefined
  readonly children: ReactNode
}) {
  return (
    <div className="field" data-tip={tip}>
      <span className="field-label">{label}</span>
      {children}
    </div>
  )
}

interface SwitchProps {
  readonly label: string
  readonly tip?: string | undefined
  readonly checked: boolean
  readonly disabled?: boolean
  onChange(checked: boolean): void
}

export function Switch({ label, tip, checked, disabled, onChange }: SwitchProps) {
  const id = useId()
  return (
    <label className="switch" htmlFor={id} data-tip={tip}>
      <input id={id} type="checkbox" checked={checked} disabled={disabled} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  )
}
