import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { Unpack } from '../../main/math/splat-spz.ts'

/** What splat files are unpacked with. */
export const unpack: Unpack = {
  zstd: (packed, most) => zstdDecompressSync(packed, { maxOutputLength: most }),
  gzip: (packed, most) => gunzipSync(packed, { maxOutputLength: most }),
}
