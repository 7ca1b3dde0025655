import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { methods } from '../main/algorithms/index.ts'
import { pageOf } from '../main/algorithms/page.ts'

/** `node docs/generate.ts`: writes docs/algorithms, one page a method, and takes away the pages of methods that are gone. */
const folder = join(import.meta.dirname, 'algorithms')
mkdirSync(folder, { recursive: true })
const pages = new Map<string, string>(methods.map((method) => [`${method.id}.md`, pageOf(method)]))
for (const file of readdirSync(folder)) if (!pages.has(file)) rmSync(join(folder, file))
for (const [file, text] of pages) writeFileSync(join(folder, file), text)
console.log(`${pages.size} pages in docs/algorithms`)
