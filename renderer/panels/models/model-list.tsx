import { FolderPlus } from 'lucide-react'
import { useState } from 'react'
import type { ModelCard } from '../../../preload/contract/catalog.ts'
import { Button } from '../../design/button.tsx'
import { TextField } from '../../design/fields.tsx'
import { useProject } from '../../studio/project.ts'
import { words } from '../../words/en.ts'
import { ModelRow } from './model-row.tsx'
import { isBusy, useWorks, work } from './work.ts'
import { ListFault, WorkLine } from './work-line.tsx'

/** The artist's own before those that came with the studio; what the studio works with behind the scenes comes last. */
const placeOf = ({ role, source }: ModelCard): number => 2 * Number(role !== 'text-to-picture') + Number(source === 'built-in')

/** What is on this machine, those that make pictures from words first, and the way to add more. */
export function ModelList() {
  const models = useProject(({ catalog }) => catalog?.models) ?? []
  const listing = useWorks(({ of }) => of.list)
  const sorted = [...models].sort((a, b) => placeOf(a) - placeOf(b))
  return (
    <>
      <ListFault work={listing} onRetry={() => void work({ do: 'list' })} />
      <AddFolder />
      {sorted.length === 0 && !isBusy(listing) && <p className="dialog-note">{words.models.none}</p>}
      <ul className="model-list" aria-label={words.models.here}>
        {sorted.map((model) => (
          <ModelRow key={model.id} model={model} />
        ))}
      </ul>
    </>
  )
}

function AddFolder() {
  const [path, setPath] = useState('')
  const busy = useWorks(({ of }) => isBusy(of.add))
  const add = async () => {
    if (path.trim() && (await work({ do: 'add', path: path.trim() }))) setPath('')
  }
  return (
    <section aria-label={words.models.add}>
      <div className="models-line">
        <TextField
          label={words.models.path}
          placeholder={words.models.path}
          value={path}
          maxLength={4096}
          onChange={(event) => setPath(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void add()
          }}
        />
        <Button look="primary" icon={FolderPlus} disabled={busy || path.trim() === ''} onClick={() => void add()}>
          {words.models.addRun}
        </Button>
      </div>
      <p className="dialog-note">{words.models.addHint}</p>
      <WorkLine subject="add" />
    </section>
  )
}
