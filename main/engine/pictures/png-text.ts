import { crc32, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
/** The header chunk always comes first and is always this long, with the signature before it. */
const AFTER_HEADER = 33
/** Most bytes of one text: beyond that nobody wrote it by hand. */
const TEXT_LIMIT = 1 << 20

/**
 * The texts of a PNG by their keywords, of those asked for; where one comes twice the first counts. What is malformed, too long or
 * of another compression than the format knows is left out: it never throws.
 */
export function readPngTexts(bytes: Uint8Array, keywords: readonly string[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const { type, data } of chunksOf(bytes)) {
    if (type !== 'tEXt' && type !== 'zTXt' && type !== 'iTXt') continue
    const end = data.indexOf(0)
    const keyword = data.toString('latin1', 0, Math.max(0, end))
    if (end < 1 || !keywords.includes(keyword) || texts.has(keyword)) continue
    const text = TEXTS[type](data.subarray(end + 1))
    if (text !== null) texts.set(keyword, text)
  }
  return texts
}

/** The same PNG with a text in it. */
export function withPngText(png: Uint8Array, keyword: string, text: string): Uint8Array {
  const isLatin = !/[^\n\u0020-\u007e\u00a1-\u00ff]/.test(text)
  const head = `${keyword}\0`
  const data = isLatin ? Buffer.from(head + text, 'latin1') : Buffer.concat([Buffer.from(`${head}\0\0\0\0`, 'latin1'), Buffer.from(text)])
  const chunk = Buffer.alloc(12 + data.length)
  chunk.writeUInt32BE(data.length, 0)
  chunk.write(isLatin ? 'tEXt' : 'iTXt', 4, 'latin1')
  chunk.set(data, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length)
  return Buffer.concat([png.subarray(0, AFTER_HEADER), chunk, png.subarray(AFTER_HEADER)])
}

function* chunksOf(bytes: Uint8Array): Generator<{ readonly type: string; readonly data: Buffer }> {
  const png = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!png.subarray(0, 8).equals(SIGNATURE)) return
  for (let at = 8; at + 12 <= png.length; ) {
    const length = png.readUInt32BE(at)
    const type = png.toString('latin1', at + 4, at + 8)
    if (type === 'IEND' || at + 12 + length > png.length) return
    yield { type, data: png.subarray(at + 8, at + 8 + length) }
    at += 12 + length
  }
}

/** What lies behind the keyword, by the kind of chunk. */
const TEXTS: Readonly<Record<'tEXt' | 'zTXt' | 'iTXt', (data: Buffer) => string | null>> = {
  tEXt: (data) => (data.length > TEXT_LIMIT ? null : data.toString('latin1')),
  zTXt: (data) => (data[0] === 0 ? (inflated(data.subarray(1))?.toString('latin1') ?? null) : null),
  iTXt: (data) => {
    const language = data.indexOf(0, 2)
    const translated = language < 0 ? -1 : data.indexOf(0, language + 1)
    if (translated < 0) return null
    const rest = data.subarray(translated + 1)
    if (data[0] === 1) return data[1] === 0 ? (inflated(rest)?.toString() ?? null) : null
    return rest.length > TEXT_LIMIT ? null : rest.toString()
  },
}

/** A few bytes can unfold into gigabytes: what goes beyond the limit is not unfolded. */
function inflated(data: Buffer): Buffer | null {
  try {
    return inflateSync(data, { maxOutputLength: TEXT_LIMIT })
  } catch {
    return null
  }
}
