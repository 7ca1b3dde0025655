import { globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readManifest } from '../../../main/engine/models/manifest.ts'
import { agreements } from './autograd.ts'

const folder = join(import.meta.dirname, '../../../native-models')
const recorded = globSync('{*.gradients.json,*/gradients.json}', { cwd: folder })

test('every network that is shipped has recorded gradients', async () => {
  const expected = (await readManifest(folder)).map(({ file, folder: whole }) =>
    whole === undefined ? file.replace(/onnx$/, 'gradients.json') : `${whole}/gradients.json`,
  )
  expect([...recorded].sort()).toEqual(expected.sort())
})

test.each(recorded)('outputs and the gradients that are built agree with the framework: %s', async (file) => {
  const found = await agreements(join(folder, file))
  expect(found.length).toBeGreaterThan(0)
  for (const { graph, tensor, isSameFile, difference, tolerance } of found) {
    expect(isSameFile, `${graph} is not the file these were recorded of: export it again`).toBe(true)
    expect(difference, `${graph}, ${tensor}`).toBeLessThan(tolerance)
  }
})
