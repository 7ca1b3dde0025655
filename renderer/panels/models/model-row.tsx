import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import type { ModelCard } from '../../../preload/contract/catalog.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { bytes } from '../../words/amounts.ts'
import { words } from '../../words/en.ts'
import { RelocateForm, RemoveForm, TuneForm } from './model-forms.tsx'
import { isBusy, useWorks, work } from './work.ts'
import { WorkLine } from './work-line.tsx'

type Form = 'relocate' | 'remove' | 'tune'

/** One model: what it is, where it came from, under which licence, whether it is sound, and what can be done with it. */
export function ModelRow({ model }: { readonly model: ModelCard }) {
  const [form, setForm] = useState<Form | null>(null)
  const [open, setOpen] = useState(false)
  const busy = useWorks(({ of }) => isBusy(of[model.id]))
  const { id, title, role, problem, source, licence, side, path, notes } = model
  const facts = [
    words.models.roles[role] ?? role,
    words.models.sources[source],
    bytes(model.bytes),
    ...(side ? [words.models.side(side)] : []),
    licence && licence !== 'unknown' ? licence : words.models.unknownLicence,
  ]
  const close = () => setForm(null)
  const begin = (next: Form) => {
    setOpen(false)
    setForm(next)
  }
  const isMine = source !== 'built-in'
  return (
    <li className="model-row" data-model={id}>
      <div className="model-head">
        <strong className="truncate">{title}</strong>
        <span className={problem ? 'bad' : 'good'}>{problem ? words.models.unsound : words.models.sound}</span>
        <IconButton icon={Ellipsis} label={words.models.more(title)} aria-expanded={open} disabled={busy} onClick={() => setOpen(!open)} />
      </div>
      <p className="model-facts">{facts.join(' · ')}</p>
      {path && (
        <p className="model-path truncate" data-tip={path}>
          {path}
        </p>
      )}
      {problem && <p className="bad">{problem}</p>}
      {notes.map((note) => (
        <p key={note} className="model-note">
          {note}
        </p>
      ))}
      {open && (
        <fieldset className="model-deeds" aria-label={words.models.more(title)}>
          <Button
            onClick={() => {
              setOpen(false)
              void work({ do: 'verify', model: id })
            }}
          >
            {words.models.verify}
          </Button>
          {role === 'text-to-picture' && <Button onClick={() => begin('tune')}>{words.models.tune}</Button>}
          {isMine && <Button onClick={() => begin('relocate')}>{words.models.relocate}</Button>}
          {isMine && (
            <Button look="danger" onClick={() => begin('remove')}>
              {words.models.remove}
            </Button>
          )}
        </fieldset>
      )}
      {form === 'relocate' && <RelocateForm model={model} onClose={close} />}
      {form === 'remove' && <RemoveForm model={model} onClose={close} />}
      {form === 'tune' && <TuneForm model={model} onClose={close} />}
      <WorkLine subject={id} done={words.models.done} />
    </li>
  )
}
