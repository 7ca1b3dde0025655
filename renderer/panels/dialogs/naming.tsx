import { useState } from 'react'
import type { BranchId, RevisionId } from '../../../preload/contract/ids.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { TextField } from '../../design/fields.tsx'
import { run, useProject } from '../../studio/project.ts'
import { words } from '../../words/en.ts'

interface NamingProps {
  readonly title: string
  readonly hint?: string
  readonly initial: string
  onName(name: string): void
  onClose(): void
}

function Naming({ title, hint, initial, onName, onClose }: NamingProps) {
  const [name, setName] = useState(initial)
  return (
    <Dialog
      title={title}
      onClose={onClose}
      onSubmit={() => {
        if (name.trim()) onName(name.trim())
        onClose()
      }}
      actions={
        <>
          <Button onClick={onClose}>{words.dialog.cancel}</Button>
          <Button look="primary" type="submit" disabled={!name.trim()}>
            {words.history.save}
          </Button>
        </>
      }
    >
      <TextField
        label={words.history.field}
        value={name}
        maxLength={200}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {hint && <p className="dialog-note">{hint}</p>}
    </Dialog>
  )
}

/** Puts a flag on a revision. */
export function VersionDialog({ revision, onClose }: { readonly revision: RevisionId; onClose(): void }) {
  const initial = useProject(({ state }) => state?.revisions.find(({ id }) => id === revision)?.version) ?? ''
  const onName = (name: string) => void run({ type: 'version.name', revision, name })
  return <Naming title={words.history.versionTitle} hint={words.history.versionHint} initial={initial} onName={onName} onClose={onClose} />
}

/** Gives a variation a name of the artist's. */
export function BranchDialog({ branch, onClose }: { readonly branch: BranchId; onClose(): void }) {
  const initial = useProject(({ state }) => state?.branches.find(({ id }) => id === branch)?.name) ?? ''
  const onName = (name: string) => void run({ type: 'branch.name', branch, name })
  return <Naming title={words.history.branchTitle} initial={initial} onName={onName} onClose={onClose} />
}
