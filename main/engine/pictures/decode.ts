import sharp, { type Metadata } from 'sharp'
import { SIDE_LIMIT } from '../../../preload/contract/document.ts'
import { fault } from '../../../preload/contract/fault.ts'
import { uprightExif } from './exif.ts'
import { readProfile } from './profile.ts'

/** A picture file, read: `width × height` pixels of straight-alpha RGBA bytes, sRGB-encoded, upright. */
export interface Decoded {
  readonly rgba: Uint8Array
  readonly width: number
  readonly height: number
  /** The ICC profile it had, where that is not sRGB. */
  readonly profile: Uint8Array | null
  /** Its EXIF block, orientation reset. */
  readonly exif: Uint8Array | null
  /** What was lost on the way, in full sentences. */
  readonly notes: readonly string[]
}

/** Most pixels of a picture: a gigabyte of memory. */
export const PIXEL_LIMIT = 268_402_689
const FORMATS = new Set(['jpeg', 'png', 'webp', 'heif', 'tiff', 'gif', 'svg'])
const READABLE = 'It can be a PNG, JPEG, WebP, AVIF, TIFF, GIF or SVG file.'

// Nothing is opened twice, and what vips keeps would count against the models' memory.
sharp.cache(false)

/**
 * Reads a picture file of any kind into the working space: 8-bit sRGB, upright, first frame.
 * @param name how to call it when something is wrong, e.g. its file name.
 * @throws FaultError `damaged` (empty, truncated, corrupt), `unsupported` (no picture, too large).
 */
export async function decodePicture(bytes: Uint8Array, name: string): Promise<Decoded> {
  if (bytes.length === 0) throw fault('damaged', `${name} is empty.`, 'It has no bytes at all.', 'Take another copy of it.')
  const metadata = await inspect(bytes, name)
  const { width, height } = metadata.autoOrient
  refuseTooLarge(width, height, name)
  const profile = metadata.icc ? readProfile(metadata.icc) : null
  const image = sharp(bytes, { failOn: 'truncated', limitInputPixels: PIXEL_LIMIT, ignoreIcc: profile?.isSrgb ?? false })
  const { data, info } = await image
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((thrown: unknown) => {
      throw fault(
        'damaged',
        `${name} cannot be read to its end.`,
        `It is cut off or damaged (${reason(thrown)}).`,
        'Take another copy of it.',
      )
    })
  return {
    rgba: data,
    width: info.width,
    height: info.height,
    profile: profile && !profile.isSrgb && metadata.icc ? metadata.icc : null,
    exif: metadata.exif ? uprightExif(metadata.exif) : null,
    notes: losses(metadata, profile?.isSrgb === false ? profile.name || 'an unnamed colour profile' : null),
  }
}

async function inspect(bytes: Uint8Array, name: string): Promise<Metadata> {
  // The size is judged below, in words; here any size may be told.
  const metadata = await sharp(bytes, { limitInputPixels: false, failOn: 'none' })
    .metadata()
    .catch((thrown: unknown) => {
      if (/unsupported image format/i.test(reason(thrown)))
        throw fault('unsupported', `${name} is not a picture this studio reads.`, 'Its contents are of another kind.', READABLE)
      throw fault('damaged', `${name} cannot be read.`, `Its beginning is damaged (${reason(thrown)}).`, 'Take another copy of it.')
    })
  if (!FORMATS.has(metadata.format))
    throw fault('unsupported', `${name} is not a picture this studio reads.`, `It is of the kind "${metadata.format}".`, READABLE)
  return metadata
}

function refuseTooLarge(width: number, height: number, name: string): void {
  if (width <= SIDE_LIMIT && height <= SIDE_LIMIT && width * height <= PIXEL_LIMIT) return
  throw fault(
    'unsupported',
    `${name} is too large.`,
    `It has ${width} × ${height} pixels; at most ${SIDE_LIMIT} a side and 268 million in all are possible.`,
    'Make it smaller, or cut it into parts.',
  )
}

function losses(metadata: Metadata, profile: string | null): string[] {
  const notes: string[] = []
  if (metadata.depth && !['uchar', 'char'].includes(metadata.depth))
    notes.push('It has more than 8 bits per channel; the studio works with 8, so the finest steps were rounded.')
  if (metadata.space === 'cmyk') notes.push('It is made for print (CMYK); its colours were converted to sRGB.')
  else if (profile !== null) notes.push(`Its colours were converted from ${profile} to sRGB; those beyond sRGB became the nearest it has.`)
  if ((metadata.pages ?? 1) > 1) notes.push(`It has ${metadata.pages} frames or pages; the first was taken.`)
  return notes
}

/** First line of an error of the picture library. */
const reason = (thrown: unknown): string => (thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown)).trim()
