/**
 * Renders pictures: `node render.ts JOBS OUT SIDE`. JOBS holds one JSON a line, `{body, box}` of a vector icon or
 * `{file}` of a picture; OUT becomes their raw RGBA bytes, SIDE x SIDE each, one after another, straight alpha.
 */
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import sharp from 'sharp'

type Job = { readonly body: string; readonly box: readonly number[] } | { readonly file: string }

const [jobs, out, wanted] = process.argv.slice(2)
const side = Number(wanted)
sharp.concurrency(1)

function source(job: Job): string | Buffer {
  if ('file' in job) return job.file
  const open = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"`
  // Drawn at twice the side and shrunk: thin lines keep their weight.
  return Buffer.from(`${open} width="${2 * side}" height="${2 * side}" viewBox="${job.box.join(' ')}">${job.body}</svg>`)
}

const file = createWriteStream(out)
for await (const line of createInterface({ input: createReadStream(jobs) })) {
  const picture = sharp(source(JSON.parse(line) as Job)).resize(side, side, { fit: 'contain', background: '#0000' })
  const bytes = await picture.toColourspace('srgb').ensureAlpha().raw().toBuffer()
  if (!file.write(bytes)) await once(file, 'drain')
}
file.end()
await once(file, 'finish')
