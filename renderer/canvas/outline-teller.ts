import type { Document, Layer } from '../../preload/contract/document.ts'
import type { BlobId, ProjectId } from '../../preload/contract/ids.ts'
import { changeObject, type Outline, objectsOf, type PickedObject, removeObject, subscribeObjects } from '../studio/objects.ts'
import { run, useProject } from '../studio/project.ts'
import { useView } from '../studio/view.ts'
import { traced } from './outline.ts'

/** Longest side at which a mask is traced, in pixels: an outline needs no more. */
const TRACED_SIDE = 1024

/**
 * Asks the studio for the outlines that only it can tell: of things, and of what layers cover. It asks again when what they were told
 * for has changed: a thing has other points, a layer other pixels. Until the answer comes the outline before stays.
 */
export class OutlineTeller {
  readonly #urlOf: (project: ProjectId, blob: BlobId) => string
  readonly #endings: readonly (() => void)[]
  /** Objects being asked for, one question at a time. */
  readonly #asking = new Set<number>()
  #closed = false

  constructor(urlOf: (project: ProjectId, blob: BlobId) => string) {
    this.#urlOf = urlOf
    const look = () => this.#look()
    this.#endings = [
      subscribeObjects(look),
      useProject.subscribe(({ state }, before) => {
        if (state?.document !== before.state?.document) look()
      }),
      useView.subscribe(({ layer }, before) => {
        if (layer !== before.layer) look()
      }),
    ]
    look()
  }

  close(): void {
    this.#closed = true
    for (const end of this.#endings) end()
  }

  #look(): void {
    const { state } = useProject.getState()
    if (!state || this.#closed) return
    const active = useView.getState().layer
    for (const object of objectsOf(state.file.id)) {
      const layer = layerOf(object, state.document, active)
      if (layer === undefined || this.#asking.has(object.id)) continue
      const key = keyOf(object, layer, state.document)
      if (key !== object.toldFor) void this.#ask(state.file.id, object, layer, key)
    }
  }

  async #ask(project: ProjectId, { id, region, outline }: PickedObject, layer: Layer | null, key: string): Promise<void> {
    this.#asking.add(id)
    // Told or refused, the same is not asked twice.
    changeObject(id, { toldFor: key }, project)
    try {
      // A hand has just shown what has no outline; another look at what has one nobody asked for.
      const done = await run({ type: 'region.show', layer: layer?.id ?? null, region }, project, { quietly: outline !== null })
      const told = done?.file?.blob ? await this.#trace(project, done.file.blob) : null
      if (this.#isStale(project, id, layer, key)) return
      const found = region.from === 'thing' && layer?.pixels ? { foundIn: { layer: layer.id, pixels: layer.pixels.index } } : {}
      if (told && told.length > 0) changeObject(id, { outline: told, ...found }, project)
      else if (objectsOf(project).some((object) => object.id === id && object.outline === null)) removeObject(id, project)
    } finally {
      this.#asking.delete(id)
      this.#look()
    }
  }

  /**
   * Has the picture another frame, or the object other points, since that was asked? Then the answer is to another question. That another
   * layer has come in hand changes nothing: the thing was shown on the one before.
   */
  #isStale(project: ProjectId, id: number, asked: Layer | null, key: string): boolean {
    const document = useProject.getState().open.find(({ file }) => file.id === project)?.document
    const object = objectsOf(project).find((other) => other.id === id)
    if (!document || !object) return true
    const layer = document.layers.find((other) => other.id === asked?.id) ?? asked
    return keyOf(object, layer, document) !== key
  }

  /** The outline of what a picture shows in white; null where it could not be fetched. */
  async #trace(project: ProjectId, blob: BlobId): Promise<Outline | null> {
    const response = await fetch(this.#urlOf(project, blob)).catch(() => null)
    if (!response?.ok) return null
    const picture = await createImageBitmap(await response.blob())
    const shrink = Math.min(1, TRACED_SIDE / Math.max(picture.width, picture.height))
    const [width, height] = [Math.max(1, Math.round(picture.width * shrink)), Math.max(1, Math.round(picture.height * shrink))]
    const context = new OffscreenCanvas(width, height).getContext('2d')
    if (!context) return null
    context.drawImage(picture, 0, 0, width, height)
    const { data } = context.getImageData(0, 0, width, height)
    const mask = new Uint8Array(width * height)
    for (let i = 0; i < mask.length; i++) mask[i] = data[4 * i] ?? 0
    const scale = { x: picture.width / width, y: picture.height / height }
    picture.close()
    return traced(mask, width, height, scale)
  }
}

/** The layer in which an object is looked for; null where none is in hand; undefined where its outline needs no telling. */
function layerOf({ region, foundIn }: PickedObject, document: Document, active: Layer['id'] | null): Layer | null | undefined {
  const layer = (wanted: Layer['id'] | null | undefined) => document.layers.find(({ id }) => id === wanted)
  // A page that has just been loaded has no layer in hand yet: nothing is asked until it has.
  if (region.from === 'thing') return layer(foundIn?.layer) ?? layer(active) ?? (document.layers.length > 0 ? undefined : null)
  if (region.from === 'layer') return layer(region.layer) ?? null
  return undefined
}

/** What an outline depends on. A thing that was found stays as it was shown: what is made of its layer later does not change it. */
const keyOf = ({ region, foundIn }: PickedObject, layer: Layer | null, { width, height }: Document): string =>
  JSON.stringify([region, ...(region.from === 'layer' ? [layer?.pixels, layer?.mask] : [foundIn?.layer ?? layer?.id]), width, height])
