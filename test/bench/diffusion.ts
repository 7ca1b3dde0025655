import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drafts } from './diffusion-tables/drafts.ts'
import { errors } from './diffusion-tables/errors.ts'
import { flows } from './diffusion-tables/flows.ts'
import { inversions } from './diffusion-tables/inversions.ts'
import { overhead } from './diffusion-tables/overhead.ts'
import { withSection } from './diffusion-tables/section.ts'
import { shifts } from './diffusion-tables/shifts.ts'
import { markdown, printed, type Table } from './diffusion-tables/table.ts'
import { whole } from './diffusion-tables/whole.ts'
import { plane, space } from './diffusion-tables/worlds.ts'

// Solvers, inversions and drafts on data whose every answer is known in closed form, in float64; then what the studio adds to a network's
// time. `node test/bench/diffusion.ts --write` also puts the tables into docs/measured.md, under "Diffusion".

const DOCUMENT = join(import.meta.dirname, '../../docs/measured.md')

const tables: Table[] = []
const show = (...more: readonly Table[]) => {
  for (const table of more) console.log(`${printed(table)}\n`)
  tables.push(...more)
}
show(await errors(plane), await errors(space))
show(...(await inversions()))
// Among so many values chance is larger than what distinguishes distributions: of those, the distance from the flow is told alone.
show(...(await drafts(plane)), ...(await drafts(space)).slice(0, 1))
show(await shifts(), await flows(), await overhead(), await whole())

if (process.argv.includes('--write'))
  writeFileSync(DOCUMENT, withSection(readFileSync(DOCUMENT, 'utf8'), 'Diffusion', tables.map(markdown)))
