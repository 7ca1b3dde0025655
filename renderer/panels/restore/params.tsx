import { Field, Select, Switch } from '../../design/fields.tsx'
import { Slider } from '../../design/slider.tsx'
import { words } from '../../words/en.ts'
import type { Knob, KnobValue } from './knobs.ts'

interface ParamsProps {
  readonly knobs: readonly Knob[]
  readonly values: Readonly<Record<string, KnobValue>>
  readonly onChange: (id: string, value: KnobValue) => void
}

/** As many as an artist takes in at a glance. A method lists what matters most first. */
const IN_VIEW = 2

/** The knobs of any method: the first ones in view, the others folded away. */
export function Params({ knobs, values, onChange }: ParamsProps) {
  const rare = knobs.slice(IN_VIEW)
  return (
    <>
      <Controls knobs={knobs.slice(0, IN_VIEW)} values={values} onChange={onChange} />
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
