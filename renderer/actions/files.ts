import type { Layer } from '../../preload/contract/document.ts'
import type { ProjectState } from '../../preload/contract/event.ts'
import { fault } from '../../preload/contract/fault.ts'
import { useShell } from '../panels/shell.ts'
import { desktop } from '../studio/bridge.ts'
import { pathOf, upload } from '../studio/client.ts'
import { tellFault, useNotices } from '../studio/notices.ts'
import { closeProject, openProject, run } from '../studio/project.ts'
import { useView } from '../studio/view.ts'
import { words } from '../words/en.ts'
import type { Action } from './action.ts'
import { activeLayer, hasProject, newLayerId, project } from './active.ts'
import { deedOf, reuseSettings } from './reuse.ts'

const titles = words.actions
const PROJECT = '.palimpsest'
const ACCEPTED = `${PROJECT},image/png,image/jpeg,image/webp,image/avif,image/tiff,image/gif,image/svg+xml`

/**
 * Takes files in, however they came. A project opens in a tab of its own. A picture becomes a layer of the
 * project in front, or a project where there is none.
 */
export async function takeFiles(files: readonly File[]): Promise<void> {
  for (const file of files) {
    try {
      if (file.name.endsWith(PROJECT) || !project()) await openFile(file)
      else await placeFile(file)
    } catch (thrown) {
      tellFault(thrown)
    }
  }
}

async function openFile(file: File): Promise<void> {
  const path = pathOf(file)
  const name = file.name || words.create.untitled
  const opened = await openProject(path ? { from: 'path', path } : { from: 'upload', upload: (await upload(file)).upload, name })
  if (opened && !file.name.endsWith(PROJECT)) offerSettings(opened.document.layers[0])
}

/** A picture that says how it was made can be made again, or another like it. */
function offerSettings(layer: Layer | undefined): void {
  if (!layer?.recipe || !deedOf(layer.recipe.method)) return
  const action = { title: words.knobs.reuse, run: () => reuseSettings(layer) }
  useNotices.getState().tell({ tone: 'plain', what: words.knobs.carried(layer.name), action })
}

async function placeFile(file: File): Promise<void> {
  const front = project()?.file.id
  const { blob } = await upload(file, front)
  if (!blob || !front)
    throw fault(
      'missing',
      'The picture was not placed.',
      'Its project was closed meanwhile.',
      'Open the project, then drop the picture again.',
    )
  const layer = newLayerId()
  const above = activeLayer()?.id
  const name = file.name.replace(/\.[^.]+$/, '') || words.create.untitled
  const done = await run({ type: 'picture.place', blob, name, layer, ...(above ? { above } : {}) }, front)
  if (!done) return
  useView.getState().setLayer(layer)
  offerSettings(project()?.document.layers.find(({ id }) => id === layer))
}

/** Asks for a file with the system's own dialog, or the browser's. */
export async function chooseFiles(): Promise<void> {
  const bridge = desktop()
  if (bridge) {
    for (const path of await bridge.chooseOpen()) await openProject({ from: 'path', path })
    return
  }
  const input = Object.assign(document.createElement('input'), { type: 'file', accept: ACCEPTED, multiple: true })
  input.onchange = async () => {
    for (const file of input.files ?? []) await openFile(file).catch(tellFault)
  }
  input.click()
}

/** Closes a tab. What lies in no file of the artist's is kept, and that is said. */
export async function closeTab({ file }: ProjectState): Promise<void> {
  await closeProject(file.id)
  if (!file.path) useNotices.getState().tell({ tone: 'plain', what: words.tabs.kept(file.title) })
}

/** Saves where the project already lies, or asks where. Everything acknowledged is on disk in either case. */
export function save(state: ProjectState): void {
  if (state.file.path) useNotices.getState().tell({ tone: 'plain', what: words.save.already(state.file.path) })
  else void saveAs(state)
}

export async function saveAs(state: ProjectState): Promise<void> {
  const bridge = desktop()
  if (!bridge) {
    useShell.getState().show({ kind: 'save', project: state.file.id })
    return
  }
  const title = state.file.title.endsWith(PROJECT) ? state.file.title : `${state.file.title}${PROJECT}`
  const path = await bridge.chooseSave(title)
  if (path) await saveTo(path, state)
}

export async function saveTo(path: string, state: ProjectState): Promise<boolean> {
  const done = await run({ type: 'project.save', path }, state.file.id)
  if (done) useNotices.getState().tell({ tone: 'good', what: words.save.done(done.file?.path ?? path) })
  return done !== null
}

const withProject = (id: keyof typeof titles, keys: readonly string[], act: (state: ProjectState) => void): Action => ({
  id,
  title: titles[id],
  group: 'file',
  keys,
  enabled: hasProject,
  run: () => {
    const state = project()
    if (state) act(state)
  },
})

export const fileActions: readonly Action[] = [
  {
    id: 'file.new',
    title: titles['file.new'],
    group: 'file',
    keys: ['Mod+N', 'Alt+N'],
    run: () => useShell.getState().show({ kind: 'new' }),
  },
  { id: 'file.open', title: titles['file.open'], group: 'file', keys: ['Mod+O'], run: () => void chooseFiles().catch(tellFault) },
  withProject('file.save', ['Mod+S'], save),
  withProject('file.save-as', ['Mod+Shift+S'], (state) => void saveAs(state).catch(tellFault)),
  withProject('file.export', ['Mod+Shift+Alt+W', 'Mod+Shift+E'], () => useShell.getState().show({ kind: 'export', layer: null })),
  withProject('file.close', ['Mod+W', 'Alt+W'], (state) => void closeTab(state)),
]
