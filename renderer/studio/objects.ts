import { create } from 'zustand'
import type { BlobId, LayerId, ProjectId } from '../../preload/contract/ids.ts'
import type { Region } from '../../preload/contract/region.ts'
import { useProject } from './project.ts'

/** Closed lines around a part of the picture, by the even-odd rule: x and y in turn, in document pixels. */
export type Outline = readonly (readonly number[])[]

/** A part of the picture that the artist has shown, and what it shall become. */
export interface PickedObject {
  /** Unique while the page lives. */
  readonly id: number
  readonly region: Region
  readonly becomes: string
  /** Which of the colours for objects is its own: 0 for the first. */
  readonly hue: number
  /** Null until it is known: some regions only the studio can tell. */
  readonly outline: Outline | null
  /** What the outline was told for; it is asked for again when that has changed. */
  readonly toldFor: string | null
  /** Where a thing was found. It stays that thing whatever is worked on next; null until it is found. */
  readonly foundIn: { readonly layer: LayerId; readonly pixels: BlobId } | null
}

/** As many as there are colours that can be told apart; `--object-1` and so on. */
export const HUES = 6
/** A command holds no more. */
export const MOST_OBJECTS = 32

interface Objects {
  readonly of: Readonly<Record<ProjectId, readonly PickedObject[]>>
  /** The one whose row has the focus or that was picked last. */
  readonly active: number | null
  /** Pictures whose objects are not drawn: what came of them is being looked at. They are drawn again when they change. */
  readonly quiet: ReadonlySet<ProjectId>
}

const useStore = create<Objects>()(() => ({ of: {}, active: null, quiet: new Set() }))
const NONE: readonly PickedObject[] = []
let nextId = 1

/** The objects of the project in front. */
export function useObjects(): readonly PickedObject[] {
  const project = useProject(({ active }) => active)
  return useStore(({ of }) => (project && of[project]) || NONE)
}

/** How many there are: for those who need not look again when words are typed. */
export function useObjectCount(): number {
  const project = useProject(({ active }) => active)
  return useStore(({ of }) => (project && of[project]?.length) || 0)
}

export const useActiveObject = (): number | null => useStore(({ active }) => active)

/** The objects of a project, read when they are needed. */
export function objectsOf(project: ProjectId | null = useProject.getState().active): readonly PickedObject[] {
  return (project && useStore.getState().of[project]) || NONE
}

/** Do the objects of the project in front step aside? */
export function useQuiet(): boolean {
  const project = useProject(({ active }) => active)
  return useStore(({ quiet }) => project !== null && quiet.has(project))
}

export const isQuiet = (project: ProjectId | null = useProject.getState().active): boolean =>
  project !== null && useStore.getState().quiet.has(project)

export function setQuiet(aside: boolean, project: ProjectId | null = useProject.getState().active): void {
  const { quiet } = useStore.getState()
  if (!project || quiet.has(project) === aside) return
  useStore.setState({ quiet: new Set(aside ? [...quiet, project] : [...quiet].filter((other) => other !== project)) })
}

export const activeObject = (): number | null => useStore.getState().active

export const subscribeObjects = (listener: () => void): (() => void) => useStore.subscribe(listener)

/** Puts a list in place of a project's objects. */
export function setObjects(objects: readonly PickedObject[], project: ProjectId | null = useProject.getState().active): void {
  if (project) useStore.setState(({ of }) => ({ of: { ...of, [project]: objects } }))
}

export function setActiveObject(active: number | null): void {
  setQuiet(false)
  useStore.setState({ active })
}

/** Adds an object in a colour that no other has, as long as there is one. @returns its id. */
export function addObject(region: Region, outline: Outline | null, becomes = ''): number {
  const objects = objectsOf()
  const free = Array.from({ length: HUES }, (_, hue) => hue).find((hue) => objects.every((other) => other.hue !== hue))
  const hue = free ?? objects.length % HUES
  const object = numbered({ region, becomes, hue, outline, toldFor: null, foundIn: null })
  setObjects([...objects, object])
  setActiveObject(object.id)
  return object.id
}

/** An object with an id that no other has. */
export const numbered = (object: Omit<PickedObject, 'id'>): PickedObject => ({ id: nextId++, ...object })

export function changeObject(id: number, change: Partial<Omit<PickedObject, 'id' | 'hue'>>, project?: ProjectId): void {
  if ('region' in change || 'becomes' in change) setQuiet(false, project)
  setObjects(
    objectsOf(project).map((object) => (object.id === id ? { ...object, ...change } : object)),
    project,
  )
}

/** Moves a project's objects by document pixels, as its picture moves under another frame. */
export function shiftObjects({ dx, dy }: { readonly dx: number; readonly dy: number }, project: ProjectId): void {
  setObjects(
    objectsOf(project).map((object) => ({
      ...object,
      region: shifted(object.region, dx, dy),
      outline: object.outline?.map((line) => line.map((value, i) => value + (i % 2 === 0 ? dx : dy))) ?? null,
    })),
    project,
  )
}

export const removeObject = (id: number, project?: ProjectId): void =>
  setObjects(
    objectsOf(project).filter((object) => object.id !== id),
    project,
  )

/** A region moved by document pixels. What a layer covers moves by itself. */
export function shifted(region: Region, dx: number, dy: number): Region {
  const moved = <T extends { readonly x: number; readonly y: number }>(at: T): T => ({ ...at, x: at.x + dx, y: at.y + dy })
  const points = (list: readonly (readonly [number, number])[]): [number, number][] => list.map(([x, y]) => [x + dx, y + dy])
  switch (region.from) {
    case 'rectangle':
      return moved(region)
    case 'polygon':
      return { ...region, points: points(region.points) }
    case 'thing':
      return { ...region, on: points(region.on), beside: points(region.beside), box: region.box && moved(region.box) }
    case 'layer':
      return region
    default:
      return region satisfies never
  }
}
