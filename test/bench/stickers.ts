import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withTables } from './diffusion-tables/section.ts'
import { markdown, printed, type Table } from './diffusion-tables/table.ts'
import { captions } from './sticker-tables/captions.ts'
import { drafts } from './sticker-tables/drafts.ts'
import { flow } from './sticker-tables/flow.ts'
import { FOLDER as JUDGE } from './sticker-tables/judge.ts'
import { MODELS } from './sticker-tables/model.ts'
import { objects } from './sticker-tables/objects.ts'
import { reconstruction } from './sticker-tables/reconstruction.ts'
import { time } from './sticker-tables/time.ts'

// The studio's own text-to-picture networks, by the code that the studio runs, judged by a classifier of words. All tables, or those that
// are named: `node test/bench/stickers.ts drafts objects`. With --write they go into docs/measured.md, under "Stickers, our own network".

const DOCUMENT = join(import.meta.dirname, '../../docs/measured.md')
const SECTION = 'Stickers, our own network'
const BENCHES = { captions, drafts, flow, reconstruction, objects, time } as const
type Name = keyof typeof BENCHES

const isName = (word: string): word is Name => Object.hasOwn(BENCHES, word)
const words = process.argv.slice(2).filter((word) => word !== '--write')
const unknown = words.filter((word) => !isName(word))
if (unknown.length > 0) {
  console.error(`There is no table "${unknown.join('", "')}". Choose among: ${Object.keys(BENCHES).join(', ')}.`)
  process.exit(2)
}
const isWriting = process.argv.includes('--write')
const asked = words.length > 0 ? words.filter(isName) : (Object.keys(BENCHES) as Name[])

const missing = [join(MODELS, 'sticker', 'model_index.json'), join(JUDGE, 'judge.onnx')].filter((file) => !existsSync(file))
if (missing.length > 0) console.log(`Nothing is measured: ${missing.join(' and ')} must be there.`)
else
  for (const name of asked) {
    const began = performance.now()
    const tables: readonly Table[] = await BENCHES[name]()
    for (const table of tables) console.log(`${printed(table)}\n${table.note}\n`)
    console.log(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s\n`)
    if (isWriting) writeFileSync(DOCUMENT, withTables(readFileSync(DOCUMENT, 'utf8'), SECTION, tables.map(markdown)))
  }
