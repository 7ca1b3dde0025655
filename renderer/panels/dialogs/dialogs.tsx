import { ModelsDialog } from '../models/models-dialog.tsx'
import { useShell } from '../shell.ts'
import './dialogs.css'
import { ExportDialog } from './export.tsx'
import { BranchDialog, VersionDialog } from './naming.tsx'
import { NewDialog } from './new.tsx'
import { Palette } from './palette.tsx'
import { SaveDialog } from './save.tsx'
import { ShortcutsDialog } from './shortcuts.tsx'

/** The dialog in front, if any. */
export function Dialogs() {
  const dialog = useShell((shell) => shell.dialog)
  const show = useShell((shell) => shell.show)
  if (!dialog) return null
  const onClose = () => show(null)
  switch (dialog.kind) {
    case 'new':
      return <NewDialog onClose={onClose} />
    case 'export':
      return <ExportDialog layer={dialog.layer} onClose={onClose} />
    case 'save':
      return <SaveDialog project={dialog.project} onClose={onClose} />
    case 'version':
      return <VersionDialog revision={dialog.revision} onClose={onClose} />
    case 'branch':
      return <BranchDialog branch={dialog.branch} onClose={onClose} />
    case 'shortcuts':
      return <ShortcutsDialog onClose={onClose} />
    case 'palette':
      return <Palette onClose={onClose} />
    case 'models':
      return <ModelsDialog onClose={onClose} />
    default:
      return dialog satisfies never
  }
}
