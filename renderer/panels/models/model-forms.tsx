import { type ReactNode, useState } from 'react'
import type { ModelCard } from '../../../preload/contract/catalog.ts'
import { Button } from '../../design/button.tsx'
import { Switch, TextField } from '../../design/fields.tsx'
import { useProject } from '../../studio/project.ts'
import { words } from '../../words/en.ts'
import { type KnobValue, knobs } from '../knobs/knobs.ts'
import '../knobs/knobs.css'
import { Params } from '../knobs/params.tsx'
import { work } from './work.ts'

interface FormProps {
  readonly model: ModelCard
  onClose(): void
}

/** A question about a model, asked in its row. */
function Question({
  title,
  children,
  run,
  danger = false,
  runTitle,
  disabled = false,
  onClose,
}: {
  readonly title: string
  readonly children: ReactNode
  readonly runTitle: string
  readonly danger?: boolean
  readonly disabled?: boolean
  run(): void
  onClose(): void
}) {
  return (
    <section className="model-form" aria-label={title}>
      <strong>{title}</strong>
      {children}
      <div className="model-form-foot">
        <Button onClick={onClose}>{words.models.back}</Button>
        <Button
          look={danger ? 'danger' : 'primary'}
          disabled={disabled}
          onClick={() => {
            run()
            onClose()
          }}
        >
          {runTitle}
        </Button>
      </div>
    </section>
  )
}

export function RelocateForm({ model, onClose }: FormProps) {
  const [path, setPath] = useState(model.path ?? '')
  return (
    <Question
      title={words.models.relocateTitle(model.title)}
      runTitle={words.models.relocateRun}
      disabled={path.trim() === ''}
      run={() => void work({ do: 'relocate', model: model.id, path: path.trim() })}
      onClose={onClose}
    >
      <TextField label={words.models.path} value={path} maxLength={4096} onChange={(event) => setPath(event.currentTarget.value)} />
    </Question>
  )
}

export function RemoveForm({ model, onClose }: FormProps) {
  const [files, setFiles] = useState(false)
  return (
    <Question
      title={words.models.removeTitle(model.title)}
      runTitle={words.models.removeRun}
      danger
      run={() => void work({ do: 'remove', model: model.id, files })}
      onClose={onClose}
    >
      {model.source === 'downloaded' ? (
        <Switch label={words.models.removeFiles} checked={files} onChange={setFiles} />
      ) : (
        <p className="dialog-note">{words.models.removeHint}</p>
      )}
    </Question>
  )
}

const WHAT = ['steps', 'solver', 'statistics', 'transport'] as const

/** What can be found for a model, as the catalogue tells it, with the knobs of each. */
export function TuneForm({ model, onClose }: FormProps) {
  const methods = useProject(({ catalog }) => catalog?.methods) ?? []
  const [what, setWhat] = useState<(typeof WHAT)[number]>('steps')
  const [values, setValues] = useState<Readonly<Record<string, KnobValue>>>({})
  const kinds = WHAT.flatMap((id) => {
    const card = methods.find((method) => method.id === `tune-${id}`)
    return card ? [{ id, card }] : []
  })
  const chosen = kinds.find(({ id }) => id === what)?.card
  const titleOf = (id: string) => methods.find((method) => method.id === id)?.title
  return (
    <Question
      title={words.models.tuneTitle(model.title)}
      runTitle={words.models.tuneRun}
      run={() => void work({ do: 'tune', model: model.id, what, params: values })}
      onClose={onClose}
    >
      {kinds.map(({ id, card }) => (
        <label key={id} className="model-tune" data-tip={words.restore.paper(card.paper.title, card.paper.year)}>
          <input
            type="radio"
            name={`tune ${model.id}`}
            checked={id === what}
            onChange={() => {
              setWhat(id)
              setValues({})
            }}
          />
          <span>
            <b>{card.title}</b>
            <small>{card.summary}</small>
          </span>
        </label>
      ))}
      {chosen && (
        <Params
          knobs={knobs(chosen.params, titleOf)}
          values={values}
          onChange={(id, value) => setValues((before) => ({ ...before, [id]: value }))}
        />
      )}
      <p className="dialog-note">{words.models.tuneHint}</p>
    </Question>
  )
}
