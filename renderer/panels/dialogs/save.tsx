import { useState } from 'react'
import type { ProjectId } from '../../../preload/contract/ids.ts'
import { saveTo } from '../../actions/files.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { TextField } from '../../design/fields.tsx'
import { useProject } from '../../studio/project.ts'
import { words } from '../../words/en.ts'

/** Where a project shall lie, for hosts that have no dialog of the system's. */
export function SaveDialog({ project, onClose }: { readonly project: ProjectId; onClose(): void }) {
  const state = useProject(({ open }) => open.find(({ file }) => file.id === project))
  const title = state?.file.title.replace(/\.palimpsest$/, '') ?? ''
  const [path, setPath] = useState(state?.file.path ?? `~/${title.replaceAll(/[/\\:*?"<>|]/g, '-')}.palimpsest`)
  const [busy, setBusy] = useState(false)
  if (!state) return null
  const save = async () => {
    setBusy(true)
    const whole = path.trim()
    const saved = await saveTo(whole.endsWith('.palimpsest') ? whole : `${whole}.palimpsest`, state)
    setBusy(false)
    if (saved) onClose()
  }
  return (
    <Dialog
      title={words.save.title}
      onClose={onClose}
      onSubmit={() => void save()}
      actions={
        <>
          <Button onClick={onClose}>{words.dialog.cancel}</Button>
          <Button look="primary" type="submit" disabled={busy || path.trim() === ''}>
            {words.save.run}
          </Button>
        </>
      }
    >
      <TextField label={words.save.path} value={path} onChange={(event) => setPath(event.currentTarget.value)} />
      <p className="dialog-note">{words.save.hint}</p>
    </Dialog>
  )
}
