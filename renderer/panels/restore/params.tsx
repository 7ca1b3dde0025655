import { Field, Select, Switch } from '../../design/fields.tsx'
import { Slider } from '../../design/slider.tsx'
import { words } from '../../words/en.ts'
import type { Knob, KnobValue } from './knobs.ts'

interface ParamsProps {
  readonly knobs: readonly Knob[]
  readonly values: Readonly<Record<string, KnobValue>>
  readonly onChange: (id: string, value: KnobValue) => void
}

/** The knobs of any method; those that few need are folded away. */
export function Params({ knobs, values, onChange }: ParamsProps) {
  const rare = knobs.filter(({ advanced }) => advanced)
  return (
    <>
      <Controls knobs={knobs.filter(({ advanced }) => !advanced)} values={values} onChange={onChange} />
      {rare.length > 0 && (
        <details className="params-more">
          <summary>{words.restore.more}</summary>
          <Controls knobs={rare} values={values} onChange={onChange} />
        </details>
      )}
    </>
  )
}

function Controls({ knobs, values, onChange }: ParamsProps) {
  return knobs.map((knob) => {
    const value = values[knob.id] ?? knob.initial
    switch (knob.kind) {
      case 'range':
        return (
          <Slider
            key={knob.id}
            label={knob.title}
            tip={knob.tip}
            value={Number(value)}
            min={knob.min}
            max={knob.max}
            step={knob.step}
            initial={knob.initial}
            onChange={(next) => onChange(knob.id, next)}
          />
        )
      case 'choice':
        return (
          <Field key={knob.id} label={knob.title}>
            <Select
              label={knob.title}
              value={String(value)}
              options={knob.options.map((option) => ({ value: option, title: option }))}
              onChange={(next) => onChange(knob.id, next)}
            />
          </Field>
        )
      case 'switch':
        return <Switch key={knob.id} label={knob.title} checked={value === true} onChange={(next) => onChange(knob.id, next)} />
      default:
        return knob satisfies never
    }
  })
}
