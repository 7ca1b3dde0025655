import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import type { ExportFormat } from '../../../preload/contract/command.ts'
import { fault } from '../../../preload/contract/fault.ts'
import { readProfile } from './profile.ts'

/** Pixels of straight-alpha RGBA bytes, sRGB-encoded. */
export interface Flat {
  readonly rgba: Uint8Array
  readonly width: number
  readonly height: number
}

export interface Encoding {
  readonly format: ExportFormat
  /** 1..100. At 100 WebP and AVIF lose nothing. */
  readonly quality: number
  /** ICC profile to convert the colours to; null for sRGB. */
  readonly profile: Uint8Array | null
  /** EXIF block to write, without prefix. */
  readonly exif: Uint8Array | null
}

/** Longest side each format can hold. */
const SIDES: Readonly<Record<ExportFormat, number>> = { png: 32_768, jpeg: 65_500, webp: 16_383, avif: 16_384, tiff: 32_768 }

/** Writes pixels as a file. @throws FaultError `unsupported` when the picture is larger than the format allows. */
export async function encodePicture(flat: Flat, encoding: Encoding): Promise<{ bytes: Uint8Array; notes: string[] }> {
  const { format, profile } = encoding
  if (Math.max(flat.width, flat.height) > SIDES[format])
    throw fault(
      'unsupported',
      `The picture is too large for ${format.toUpperCase()}.`,
      `That format allows ${SIDES[format]} pixels a side; the picture has ${flat.width} × ${flat.height}.`,
      'Export it as PNG or TIFF.',
    )
  const notes: string[] = []
  let image = sharp(flat.rgba, { raw: { width: flat.width, height: flat.height, channels: 4 }, limitInputPixels: false })
  if (isOpaque(flat.rgba)) image = image.removeAlpha()
  else if (format === 'jpeg') {
    notes.push('JPEG has no transparency; what was transparent became white.')
    image = image.flatten({ background: 'white' })
  }
  if (encoding.exif && format === 'tiff') notes.push('The EXIF data was left out: it cannot be written to TIFF here.')
  else if (encoding.exif) image = await withExif(image, encoding.exif)

  const kept = profile ? readProfile(profile) : null
  if (!profile || kept?.space !== 'RGB ') {
    if (profile) notes.push('The file is in sRGB: its former colour profile is not one for screens.')
    return { bytes: await compressed(image.withIccProfile('srgb'), encoding).toBuffer(), notes }
  }
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-'))
  try {
    const file = join(folder, 'profile.icc')
    await writeFile(file, profile)
    return { bytes: await compressed(image.withIccProfile(file), encoding).toBuffer(), notes }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A small PNG, written quickly: for thumbnails and previews. */
export async function encodePreview(flat: Flat, long: number): Promise<Uint8Array> {
  return await sharp(flat.rgba, { raw: { width: flat.width, height: flat.height, channels: 4 } })
    .resize(long, long, { fit: 'inside', withoutEnlargement: true })
    .png({ compressionLevel: 6 })
    .toBuffer()
}

function compressed(image: Sharp, { format, quality }: Encoding): Sharp {
  const lossless = quality === 100
  switch (format) {
    case 'png':
      return image.png()
    case 'jpeg':
      return image.jpeg({ quality, chromaSubsampling: quality >= 90 ? '4:4:4' : '4:2:0' })
    case 'webp':
      return image.webp({ quality, lossless })
    case 'avif':
      return image.avif({ quality, lossless, effort: 3 })
    case 'tiff':
      return image.tiff({ compression: 'lzw', predictor: 'horizontal' })
    default:
      return format satisfies never
  }
}

/**
 * The picture with an EXIF block, which the picture library passes on only from an input file:
 * so the pixels take the way over an uncompressed PNG with that block in it.
 */
async function withExif(image: Sharp, exif: Uint8Array): Promise<Sharp> {
  const png = await image.png({ compressionLevel: 0 }).toBuffer()
  const afterHeader = 33
  const chunk = Buffer.alloc(12 + exif.length)
  chunk.writeUInt32BE(exif.length, 0)
  chunk.write('eXIf', 4, 'latin1')
  chunk.set(exif, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + exif.length)), 8 + exif.length)
  const carrier = Buffer.concat([png.subarray(0, afterHeader), chunk, png.subarray(afterHeader)])
  return sharp(carrier, { limitInputPixels: false }).keepExif()
}

function isOpaque(rgba: Uint8Array): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return false
  return true
}
