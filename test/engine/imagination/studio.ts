import type { Context, Imagined, Place, Source } from '../../../main/engine/imagination/define-imagination.ts'
import { imaginations } from '../../../main/engine/imagination/index.ts'
import { copyInto } from '../../../main/engine/tiles.ts'
import { outcome } from '../../../main/math/integrate.ts'
import type { Rect } from '../../../main/math/rect.ts'

export type ImaginationId = (typeof imaginations)[number]['id']

/** Straight-alpha bytes at a rectangle of the document. */
export interface Picture {
  readonly rect: Rect
  readonly rgba: Uint8Array
}

/** Bytes that look like a picture of no kind, with every opacity among them. */
export function speckled(rect: Rect, seed: number): Picture {
  const rgba = Uint8Array.from({ length: rect.width * rect.height * 4 }, (_, i) => {
    const x = Math.imul(i + 1, 2_654_435_761) ^ Math.imul(seed + 1, 40_503)
    return (x ^ (x >>> 13) ^ (x >>> 7)) & 255
  })
  return { rect, rgba }
}

export const opaque = ({ rect, rgba }: Picture): Picture => ({ rect, rgba: rgba.map((value, i) => (i % 4 === 3 ? 255 : value)) })

/** A layer that holds a picture and nothing else. */
export const layerOf = ({ rect, rgba }: Picture): Source => ({
  bounds: rect,
  read: async (area) => {
    const bytes = new Uint8Array(area.width * area.height * 4)
    copyInto(bytes, area, rgba, rect, 4)
    return bytes
  },
})

/** All of a rectangle. */
export const box = (rect: Rect, becomes = ''): Place => ({ rect, mask: new Uint8Array(rect.width * rect.height).fill(255), becomes })

/** What a layer holds over a document once a patch is in it. */
export function patchedOver({ rect, rgba }: Picture, patch: Imagined['patch'], area: Rect): Uint8Array {
  const bytes = new Uint8Array(area.width * area.height * 4)
  copyInto(bytes, area, rgba, rect, 4)
  copyInto(bytes, area, patch.rgba, patch.rect, 4)
  return bytes
}

type Given = Omit<Context<unknown>, 'params'> & { readonly params?: Readonly<Record<string, unknown>> }

/** Runs an imagination, its knobs completed by its schema. */
export async function imagined(
  id: ImaginationId,
  { params = {}, ...context }: Given,
  signal = new AbortController().signal,
): Promise<Imagined> {
  const method = imaginations.find((one) => one.id === id)
  if (!method) throw new Error(`There is no ${id}.`)
  const run = method.imagine as (context: Context<unknown>, signal: AbortSignal) => ReturnType<(typeof imaginations)[number]['imagine']>
  return await outcome(run({ ...context, params: method.params.parse(params) }, signal))
}
