import type { LayerId } from '../../preload/contract/ids.ts'
import type { Region } from '../../preload/contract/region.ts'
import { outlineOf } from '../canvas/outline.ts'
import { announce } from '../design/announcer.tsx'
import { useSettings } from '../panels/knobs/settings.ts'
import { openDeed } from '../panels/shell.ts'
import { useNotices } from '../studio/notices.ts'
import { activeObject, addObject, changeObject, isQuiet, MOST_OBJECTS, objectsOf, setObjects, setQuiet } from '../studio/objects.ts'
import { useView } from '../studio/view.ts'
import { words } from '../words/en.ts'
import type { Action } from './action.ts'
import { activeLayer, hasProject } from './active.ts'
import { applyFrame } from './frame.ts'

const titles = words.actions

/** Makes an object of a part of the picture. @returns its id; null where a command could hold no more of them. */
export function pickObject(region: Region): number | null {
  if (objectsOf().length >= MOST_OBJECTS) {
    useNotices.getState().tell({ tone: 'plain', what: words.edit.tooMany(MOST_OBJECTS) })
    return null
  }
  const id = addObject(region, outlineOf(region))
  announce(words.select.hint(objectsOf().length))
  return id
}

export const pickLayer = (layer: LayerId): number | null => pickObject({ from: 'layer', layer })

/** A point on a thing makes an object; a further one, or one beside it, tells more of the thing that was picked last. */
export function pointAt({ x, y }: { readonly x: number; readonly y: number }, is: 'on' | 'on too' | 'beside'): void {
  const last = objectsOf().find(({ id }) => id === activeObject()) ?? objectsOf().findLast(({ region }) => region.from === 'thing')
  if (is !== 'on' && last?.region.from === 'thing') {
    const { region } = last
    const point: [number, number] = [x, y]
    const more = is === 'beside' ? { beside: [...region.beside, point] } : { on: [...region.on, point] }
    changeObject(last.id, { region: { ...region, ...more }, foundIn: null })
  } else if (is !== 'beside') pickObject({ from: 'thing', on: [[x, y]], beside: [], box: null })
}

export const clearObjects = (): void => setObjects([])

/** Gives the picture its frame, and makes what that added the one object: ready to be filled. */
export async function applyFrameAndFill(): Promise<void> {
  const added = await applyFrame()
  if (!added) return
  clearObjects()
  pickObject(added)
  useView.getState().setTool('rectangle')
  openDeed('edit', { method: 'fill', focus: true })
}

export const objectActions: readonly Action[] = [
  {
    id: 'layer.pick',
    title: titles['layer.pick'],
    group: 'layer',
    enabled: () => (activeLayer()?.pixels ?? null) !== null,
    run: () => {
      const layer = activeLayer()
      if (layer) pickLayer(layer.id)
    },
  },
  {
    id: 'picture.generate',
    title: titles['picture.generate'],
    group: 'edit',
    enabled: hasProject,
    run: () => openDeed('generate', { focus: true }),
  },
  {
    id: 'picture.edit',
    title: titles['picture.edit'],
    group: 'edit',
    enabled: hasProject,
    // Fill is the other verb: whoever asks for this one has more in mind.
    run: () =>
      openDeed('edit', { focus: true, ...((useSettings.getState().methods.edit ?? 'fill') === 'fill' && { method: 'edit-objects' }) }),
  },
  {
    id: 'picture.fill',
    title: titles['picture.fill'],
    group: 'edit',
    enabled: hasProject,
    run: () => openDeed('edit', { method: 'fill', focus: true }),
  },
  {
    id: 'objects.show',
    title: titles['objects.show'],
    group: 'view',
    keys: ['Shift+H'],
    enabled: () => objectsOf().length > 0,
    run: () => setQuiet(!isQuiet()),
  },
  {
    id: 'objects.clear',
    title: titles['objects.clear'],
    group: 'edit',
    keys: ['Mod+D'],
    enabled: () => objectsOf().length > 0,
    run: clearObjects,
  },
]
