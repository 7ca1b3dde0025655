import { type ReactNode, useState } from 'react'
import type { ModelCard } from '../../../preload/contract/catalog.ts'
import { Button } from '../../design/button.tsx'
import { Switch, TextField } from '../../design/fields.tsx'
import { words } from '../../words/en.ts'
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

type Tuning = keyof typeof words.models.tunes
const TUNINGS = Object.keys(words.models.tunes) as Tuning[]

export function TuneForm({ model, onClose }: FormProps) {
  const [what, setWhat] = useState<Tuning>('steps')
  return (
    <Question
      title={words.models.tuneTitle(model.title)}
      runTitle={words.models.tuneRun}
      run={() => void work({ do: 'tune', model: model.id, what })}
      onClose={onClose}
    >
      {TUNINGS.map((id) => (
        <label key={id} className="model-tune">
          <input type="radio" name={`tune ${model.id}`} checked={id === what} onChange={() => setWhat(id)} />
          <span>
            <b>{words.models.tunes[id].title}</b>
            <small>{words.models.tunes[id].line}</small>
          </span>
        </label>
      ))}
      <p className="dialog-note">{words.models.tuneHint}</p>
    </Question>
  )
}
