import type { HistoryCommand } from '../../../preload/contract/command.ts'
import { fault } from '../../../preload/contract/fault.ts'
import type { RevisionId } from '../../../preload/contract/ids.ts'
import { jump, redo, undo } from '../history/tree.ts'
import type { Project } from '../project.ts'

/** Moves within the history, or names a place in it. @returns the revision moved to or named. @throws FaultError `refused`, `missing` */
export function runHistoryCommand(project: Project, command: HistoryCommand): RevisionId | null {
  const { tree } = project
  switch (command.type) {
    case 'history.undo':
      return go(project, undo(tree) ?? refuse('There is nothing to undo.', 'This is the beginning of the history.'))
    case 'history.redo':
      return go(project, redo(tree) ?? refuse('There is nothing to redo.', 'This is the newest state of this branch.'))
    case 'history.jump': {
      const place = jump(tree, command.revision)
      if (!place) throw unknownRevision(command.revision)
      return go(project, place)
    }
    case 'version.name':
      project.refuseIfReadOnly()
      if (!tree.parents.has(command.revision)) throw unknownRevision(command.revision)
      project.nameVersion(command.revision, command.name)
      return command.revision
    case 'branch.name':
      project.refuseIfReadOnly()
      if (!tree.branches.some(({ id }) => id === command.branch))
        throw fault('missing', 'That branch is not there.', `The history has no branch ${command.branch}.`, 'Choose one from the history.')
      project.nameBranch(command.branch, command.name)
      return null
    default:
      return command satisfies never
  }
}

function go(project: Project, place: Parameters<Project['move']>[0]): RevisionId {
  project.move(place)
  return place.revision
}

function refuse(what: string, why: string): never {
  throw fault('refused', what, why, 'Choose another state in the history.')
}

const unknownRevision = (id: RevisionId) =>
  fault('missing', 'That revision is not there.', `The history has no revision ${id}.`, 'Choose one from the history.')
