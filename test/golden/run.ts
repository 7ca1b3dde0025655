import { join } from 'node:path'
import { runVector, vectorsIn } from './run-vectors.ts'

/** `npm run golden -- FOLDER`: runs all vectors of a folder, those kept here by default. */
const folder = process.argv[2] ?? join(import.meta.dirname, 'vectors')
const counts = { passed: 0, failed: 0, skipped: 0 }
for (const path of vectorsIn(folder)) {
  const { file, status, notes } = await runVector(path)
  counts[status]++
  console.log(`${file}: ${status === 'skipped' ? 'skipped (no room yet)' : status}`)
  for (const note of notes) console.log(`  ${note}`)
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
if (counts.failed > 0) process.exitCode = 1
