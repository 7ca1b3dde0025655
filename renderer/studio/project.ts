import type { z } from 'zod'
import { create } from 'zustand'
import type { Catalog } from '../../preload/contract/catalog.ts'
import type { Command, CommandResult } from '../../preload/contract/command.ts'
import type { Document, Layer } from '../../preload/contract/document.ts'
import type { Job, ProjectState } from '../../preload/contract/event.ts'
import { toFault } from '../../preload/contract/fault.ts'
import type { LayerId, ProjectId, RevisionId } from '../../preload/contract/ids.ts'
import type { OpenRequest } from '../../preload/contract/studio.ts'
import { type Connection, connectStudio, type StudioClient } from './client.ts'
import { mirror } from './mirror.ts'
import { modelsAsker } from './models.ts'
import { tellFault, tellNote } from './notices.ts'
import { rememberedTabs, rememberTabs } from './tabs.ts'

interface Trial {
  readonly layer: LayerId
  readonly change: Partial<Pick<Layer, 'opacity' | 'blend'>>
}

/** The open projects as the studio last told them. Nobody but this file writes it. */
export interface Projects {
  /** The project in front, with what is being tried on a layer; null on an empty canvas. */
  readonly state: ProjectState | null
  /** A change the artist is trying, before it becomes a command: shown, told to nobody. */
  readonly trial: Trial | null
  /** Layers that are not shown while drafts are compared, whatever the document says. */
  readonly veiled: readonly LayerId[]
  /** Every open project, in the order of its tab. */
  readonly open: readonly ProjectState[]
  readonly active: ProjectId | null
  readonly connection: Connection
  /** What this studio can do; null until it has answered once. */
  readonly catalog: Catalog | null
}

export const useProject = create<Projects>()(() => ({
  state: null,
  trial: null,
  veiled: [],
  open: [],
  active: null,
  connection: 'connecting',
  catalog: null,
}))

let client: StudioClient | null = null
const watches = new Map<ProjectId, AbortController>()

const studioClient = (): StudioClient => (client ??= connectStudio())

function put(open: readonly ProjectState[], active: ProjectId | null): void {
  const front = open.find(({ file }) => file.id === active) ?? open.at(-1) ?? null
  useProject.setState({ open, active: front?.file.id ?? null, state: front && tried(front, useProject.getState()) })
  rememberTabs(
    open.map(({ file }) => file.id),
    front?.file.id ?? null,
  )
}

function tried(state: ProjectState, { trial, veiled }: Pick<Projects, 'trial' | 'veiled'>): ProjectState {
  if (!trial && veiled.length === 0) return state
  const layers = state.document.layers.map((layer) => {
    const shown = veiled.includes(layer.id) ? { ...layer, visible: false } : layer
    return layer.id === trial?.layer ? { ...shown, ...trial.change } : shown
  })
  return { ...state, document: { ...state.document, layers } }
}

/** Shows a change of a layer while a control is dragged; null shows the layer as it is. */
export function tryOnLayer(trial: Trial | null): void {
  useProject.setState({ trial })
  const { open, active } = useProject.getState()
  put(open, active)
}

/** Leaves layers out of what is shown, here alone: for comparing. An empty list shows the document as it is. */
export function veil(layers: readonly LayerId[]): void {
  const { veiled, open, active } = useProject.getState()
  if (veiled.length === 0 && layers.length === 0) return
  useProject.setState({ veiled: layers })
  put(open, active)
}

function update(id: ProjectId, next: ProjectState | null): void {
  const { open, active } = useProject.getState()
  if (next)
    put(open.some(({ file }) => file.id === id) ? open.map((state) => (state.file.id === id ? next : state)) : [...open, next], active)
  else
    put(
      open.filter(({ file }) => file.id !== id),
      active,
    )
}

/** Connects and brings back the tabs this window had before it was reloaded. Call once. */
export async function startStudio(): Promise<void> {
  const { observe, ready } = studioClient()
  observe((connection) => useProject.setState({ connection }))
  const { ids, active } = rememberedTabs()
  const api = await ready()
  void refreshCatalog()
  for (const project of ids) {
    // A project that cannot be reopened is still in the list of recent ones, where opening it says why.
    const state = await api.open({ from: 'recent', project }).catch(() => null)
    if (state) adopt(state)
  }
  if (active) activate(active)
}

/** Asks again what the studio can do: the list of recent projects changes. */
export async function refreshCatalog(): Promise<void> {
  try {
    const api = await studioClient().ready()
    useProject.setState({ catalog: await api.catalog({}) })
  } catch (thrown) {
    tellFault(thrown)
  }
}

/** Asks something about the models of this machine; the catalogue then lists those that there are. */
export const askModels = modelsAsker(
  () => studioClient().ready(),
  (models) => useProject.setState(({ catalog }) => ({ catalog: catalog && { ...catalog, models } })),
)

/** Opens a project, or joins one that is open, and brings it to the front. A failure is shown and answered with null. */
export async function openProject(request: z.input<typeof OpenRequest>): Promise<ProjectState | null> {
  try {
    const api = await studioClient().ready()
    const state = await api.open(request)
    adopt(state)
    activate(state.file.id)
    for (const note of state.file.notes) tellNote(note)
    void refreshCatalog()
    return state
  } catch (thrown) {
    tellFault(thrown)
    return null
  }
}

/** Closes a project here. Everything acknowledged is in its file. */
export async function closeProject(project: ProjectId): Promise<void> {
  watches.get(project)?.abort()
  watches.delete(project)
  update(project, null)
  const api = await studioClient().ready()
  await api.close({ project }).catch(tellFault)
  await refreshCatalog()
}

/** Brings an open project to the front. */
export function activate(project: ProjectId): void {
  put(useProject.getState().open, project)
}

/**
 * The one door for every change, to the project in front unless another is named.
 * @param options `onJob` is told how a long one goes on; `quietly` shows no fault: nobody has asked for this.
 * Resolves once the studio has acknowledged it, for a long one once it has ended; null when there is no project, or after a fault, which has been shown by then.
 */
export async function run(
  command: z.input<typeof Command>,
  project = useProject.getState().active,
  { onJob, quietly = false }: { readonly onJob?: (job: Job) => void; readonly quietly?: boolean } = {},
): Promise<CommandResult | null> {
  if (!project) return null
  try {
    const api = await studioClient().ready()
    const steps = api.run({ project, command })
    for (;;) {
      const next = await steps.next()
      if (!next.done) {
        onJob?.(next.value)
        continue
      }
      for (const note of next.value.notes) tellNote(note)
      return next.value
    }
  } catch (thrown) {
    if (!quietly) tellFault(thrown)
    return null
  }
}

/** The document of any revision; null where the studio cannot tell it. */
export async function documentOf(project: ProjectId, revision: RevisionId): Promise<Document | null> {
  try {
    const api = await studioClient().ready()
    return (await api.revision({ project, revision })).document
  } catch {
    return null
  }
}

/** Resolves once a project's head stands at a revision or beyond it, or the project is closed. */
export function arrival(project: ProjectId, revision: RevisionId): Promise<void> {
  const isThere = ({ open }: Projects): boolean => {
    const state = open.find(({ file }) => file.id === project)
    return !state || state.revisions.some(({ id }) => id >= revision)
  }
  if (isThere(useProject.getState())) return Promise.resolve()
  return new Promise((resolve) => {
    const end = useProject.subscribe((projects) => {
      if (!isThere(projects)) return
      end()
      resolve()
    })
  })
}

function adopt(state: ProjectState): void {
  const id = state.file.id
  update(id, state)
  if (watches.has(id)) return
  const controller = new AbortController()
  watches.set(id, controller)
  void follow(id, controller.signal)
}

/** Follows a project until it is closed, across lost connections and a restarted studio. */
async function follow(id: ProjectId, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const api = await studioClient().ready()
      for await (const event of api.watch({ project: id }, signal)) {
        const state = useProject.getState().open.find(({ file }) => file.id === id)
        if (state) update(id, mirror(state, event))
      }
      break
    } catch (thrown) {
      if (signal.aborted) return
      if (toFault(thrown).kind === 'missing' && !(await reopen(id))) break
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
  if (watches.get(id)?.signal === signal) watches.delete(id)
}

/** A studio that was started again knows the project by its id only. */
async function reopen(project: ProjectId): Promise<boolean> {
  try {
    const api = await studioClient().ready()
    await api.open({ from: 'recent', project })
    return true
  } catch (thrown) {
    if (toFault(thrown).kind === 'engine') return true
    tellFault(thrown)
    update(project, null)
    return false
  }
}
