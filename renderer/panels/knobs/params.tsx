import { RotateCcw } from 'lucide-react'
import { IconButton } from '../../design/button.tsx'
import { Field, Select, Switch, TextArea, TextField } from '../../design/fields.tsx'
import { Slider } from '../../design/slider.tsx'
import { words } from '../../words/en.ts'
import { type Knob, type KnobValue, standOf } from './knobs.ts'

interface ControlsProps {
  readonly knobs: readonly Knob[]
  readonly values: Readonly<Record<string, KnobValue>>
  readonly onChange: (id: string, value: KnobValue) => void
}

interface ParamsProps extends ControlsProps {
  /** How many of the first are in view: as many as an artist takes in at a glance. */
  readonly inView?: number
  /** Puts them back where they begin; null or left out while there is nothing to put back. */
  readonly onReset?: (() => void) | null
}

/** The knobs of any method: the first ones in view, the others folded away. A method lists what matters most first. */
export function Params({ knobs, values, onChange, inView = 2, onReset = null }: ParamsProps) {
  const rare = knobs.slice(inView)
  return (
    <>
      <Controls knobs={knobs.slice(0, inView)} values={values} onChange={onChange} />
      <div className="params-foot">
        {rare.length > 0 && (
          <details className="params-more">
            <summary>{words.knobs.more}</summary>
            <Controls knobs={rare} values={values} onChange={onChange} />
          </details>
        )}
        {onReset && <IconButton icon={RotateCcw} size={14} label={words.knobs.reset} onClick={onReset} />}
      </div>
    </>
  )
}

/** All of these knobs. */
export function Controls({ knobs, values, onChange }: ControlsProps) {
  return knobs.map((knob) => {
    const value = standOf(knob, values[knob.id])
    switch (knob.kind) {
      case 'range':
        return (
          <Range key={knob.id} knob={knob} value={value === null ? null : Number(value)} onChange={(next) => onChange(knob.id, next)} />
        )
      case 'choice':
        return (
          <Field key={knob.id} label={knob.title} tip={knob.tip}>
            <Select label={knob.title} value={String(value)} options={knob.options} onChange={(next) => onChange(knob.id, next)} />
          </Field>
        )
      case 'switch':
        return <Switch key={knob.id} label={knob.title} checked={value === true} onChange={(next) => onChange(knob.id, next)} />
      case 'text':
        return knob.multiline ? (
          <TextArea
            key={knob.id}
            label={knob.title}
            tip={knob.tip}
            maxLength={knob.limit}
            value={String(value)}
            onChange={(event) => onChange(knob.id, event.currentTarget.value)}
          />
        ) : (
          <Field key={knob.id} label={knob.title} tip={knob.tip}>
            <TextField
              label={knob.title}
              maxLength={knob.limit}
              value={String(value)}
              onChange={(event) => onChange(knob.id, event.currentTarget.value)}
            />
          </Field>
        )
      default:
        return knob satisfies never
    }
  })
}

interface RangeProps {
  readonly knob: Knob & { readonly kind: 'range' }
  readonly value: number | null
  readonly onChange: (value: number | null) => void
}

/** A number between its bounds; where it may be left open, a switch leaves it so. */
function Range({ knob, value, onChange }: RangeProps) {
  const { title, tip, min, max, step, initial, isOpen } = knob
  return (
    <>
      {isOpen && (
        <Switch label={words.knobs.automatic(title)} tip={tip} checked={value === null} onChange={(open) => onChange(open ? null : min)} />
      )}
      {value !== null && (
        <Slider label={title} tip={tip} value={value} min={min} max={max} step={step} initial={initial ?? min} onChange={onChange} />
      )}
    </>
  )
}
