import { useShell } from '../panels/shell.ts'
import { run } from '../studio/project.ts'
import { words } from '../words/en.ts'
import type { Action } from './action.ts'
import { currentJob, project } from './active.ts'

const titles = words.actions

export const editActions: readonly Action[] = [
  {
    id: 'edit.undo',
    title: titles['edit.undo'],
    group: 'edit',
    keys: ['Mod+Z'],
    enabled: () => project()?.head.canUndo ?? false,
    run: () => void run({ type: 'history.undo' }),
  },
  {
    id: 'edit.redo',
    title: titles['edit.redo'],
    group: 'edit',
    keys: ['Mod+Shift+Z', 'Mod+Y'],
    enabled: () => project()?.head.canRedo ?? false,
    run: () => void run({ type: 'history.redo' }),
  },
  {
    id: 'history.version',
    title: titles['history.version'],
    group: 'edit',
    enabled: () => project() !== null,
    run: () => {
      const revision = project()?.head.revision
      if (revision) useShell.getState().show({ kind: 'version', revision })
    },
  },
  {
    id: 'job.cancel',
    title: titles['job.cancel'],
    group: 'edit',
    keys: ['Shift+X'],
    enabled: () => currentJob() !== null,
    run: () => {
      const job = currentJob()
      if (job) void run({ type: 'job.cancel', job: job.id })
    },
  },
]
