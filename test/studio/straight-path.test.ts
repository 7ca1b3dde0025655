import { expect, test } from 'vitest'
import type { RevisionId } from '../../preload/contract/index.ts'
import { temporaryFolder, testStudio } from '../kit/project.ts'
import { pixelAt } from '../kit/tiny-engine.ts'

const brush = { size: 3, hardness: 1, opacity: 1, color: [10, 20, 30] as [number, number, number], erase: false }

test('a project is made, painted on, restored, undone, and is there after reopening', async () => {
  using folder = temporaryFolder()
  const studio = await testStudio(folder.path)
  const opened = await studio.size(300, 200, [255, 0, 0])
  const project = opened.file.id
  const layer = opened.document.layers[0].id
  await studio.run(project, { type: 'stroke.paint', layer, target: 'pixels', brush, points: [[5, 6, 1]] })
  const restored = await studio.run(project, { type: 'layer.restore', layer, method: 'invert', params: {}, seed: 0 })
  expect(restored.notes).toEqual(['Inverted.'])
  const state = await studio.state(project)
  expect(state.document.layers.map(({ name }) => name)).toEqual(['Background', 'Background, faithful', 'Background, realistic'])
  expect(state.revisions.map(({ label }) => label)).toEqual(['New picture', 'Brush', 'Restore · Inverted'])
  expect(pixelAt(studio.blobs(project), state.document, 0, 5, 6)).toEqual([10, 20, 30, 255])
  expect(pixelAt(studio.blobs(project), state.document, 2, 5, 6)).toEqual([245, 235, 225, 255])
  await studio.run(project, { type: 'history.undo' })
  await studio.stop()
  await using again = await testStudio(folder.path)
  const reopened = await again.client.open({ from: 'recent', project })
  expect(reopened.head.revision).toBe(2)
  expect(reopened.head.canRedo).toBe(true)
  expect(reopened.document.layers).toHaveLength(1)
  await again.run(project, { type: 'history.jump', revision: 3 as RevisionId })
})
