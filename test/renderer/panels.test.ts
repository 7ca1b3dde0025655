import { describe, expect, test } from 'vitest'
import type { Layer } from '../../preload/contract/document.ts'
import type { Job } from '../../preload/contract/event.ts'
import type { BlobId, JobId, LayerId } from '../../preload/contract/ids.ts'
import { resized } from '../../renderer/actions/view.ts'
import { digitsOf, snap } from '../../renderer/design/number-field.tsx'
import { colorOf, hexOf } from '../../renderer/panels/colors.ts'
import { ranked } from '../../renderer/panels/dialogs/ranked.ts'
import { jobFacts } from '../../renderer/panels/job-facts.ts'
import { readings } from '../../renderer/panels/knobs/readings.ts'
import { describeLayer } from '../../renderer/panels/layers/describe-layer.ts'
import { networkCalls } from '../../renderer/panels/restore/cost.ts'

const pixels = { index: 'a'.repeat(64) as BlobId, x: 0, y: 0 }
const layer: Layer = {
  id: 'one' as LayerId,
  kind: 'raster',
  name: 'Photo',
  visible: true,
  locked: false,
  opacity: 1,
  blend: 'normal',
  pixels,
  mask: null,
  recipe: null,
}
const recipe = { method: 'pmrf', params: {}, seed: 41, models: [], provider: 'cpu', input: pixels, model: null, objects: [], measures: {} }

describe('the line under a layer’s name', () => {
  const line = (change: Partial<Layer>) => describeLayer({ ...layer, ...change }, () => 'Quick restore')
  test.each([
    [{}, 'Normal · 100 %'],
    [{ blend: 'soft-light', opacity: 0.6 } as const, 'Soft light · 60 %'],
    [{ pixels: null }, 'Normal · 100 % · empty'],
    [{ recipe }, 'Quick restore · seed 41'],
    [{ recipe, opacity: 0.5 }, 'Quick restore · seed 41 · 50 %'],
    [{ mask: { pixels, rest: 255, enabled: false } } as const, 'Normal · 100 % · mask off'],
  ])('%j', (change, text) => expect(line(change)).toBe(text))
})

describe('what a job says of itself', () => {
  const job: Job = {
    id: 1 as JobId,
    label: 'Restoring "Photo"',
    command: 'layer.restore',
    status: 'running',
    progress: { step: 31, steps: 50, label: 'Realistic', left: 12, preview: null },
    fault: null,
    revision: null,
    createdAt: 0,
    endedAt: null,
  }
  test('how far, and how long it still takes once that is known', () => {
    expect(jobFacts(job)).toBe('step 31 / 50 · 12 s left')
    expect(jobFacts({ ...job, progress: { step: 0, steps: 50, label: '', left: null, preview: null } })).toBe('step 0 / 50')
    expect(jobFacts({ ...job, progress: { step: 0, steps: 1, label: 'Starting', left: null, preview: null } })).toBe('')
    expect(jobFacts({ ...job, status: 'queued', progress: null })).toBe('waiting')
  })
})

describe('what a restoration will cost and what it reports', () => {
  test('each tile is looked at once, and once more for each step', () => {
    expect(networkCalls(500, 400, { steps: 25 })).toBe(26)
    expect(networkCalls(960, 720, { steps: 1 })).toBe(2 * 4)
    expect(networkCalls(960, 720, { steps: 1, tile: 1024 })).toBe(2)
    expect(networkCalls(4000, 3000, { steps: 0 })).toBe(9 * 7)
    // Smaller tiles than three overlaps cannot be cut; the estimate holds instead of failing.
    expect(networkCalls(100, 100, { steps: 0, tile: 1 })).toBe(1)
  })

  test('readings have words and a tone; what is unknown is shown as it is', () => {
    const told = readings({ consistency: 47.13, noise: 0.004, noiseBefore: 0.031, sharpness: 2 })
    expect(told.map(({ text, tone }) => [text, tone])).toEqual([
      ['47.1 dB', 'good'],
      ['3.1 % → 0.4 %', 'good'],
      ['2.00', 'plain'],
    ])
    expect(readings({ consistency: 28 })[0].tone).toBe('bad')
  })
})

describe('small things', () => {
  test('a brush grows finely when small and boldly when large, and comes back the same way', () => {
    expect([1, 9, 10, 48, 50, 100, 1990].map((size) => resized(size, 1))).toEqual([2, 10, 15, 53, 60, 120, 2000])
    for (const size of [1, 5, 10, 20, 50, 100, 140, 200]) expect(resized(resized(size, 1), -1)).toBe(size)
    expect(resized(1, -1)).toBe(1)
  })

  test('numbers fall on the steps of their slider', () => {
    expect(snap(0.3000001, 0, 1, 0.1)).toBe(0.3)
    expect(snap(7, 2, 6, 2)).toBe(6)
    expect([1, 0.1, 0.05, 0.002, 10].map(digitsOf)).toEqual([0, 1, 2, 3, 0])
  })

  test('colours go to the platform’s chooser and back', () => {
    expect(hexOf([255, 0, 16])).toBe('#ff0010')
    expect(colorOf('#ff0010')).toEqual([255, 0, 16])
  })

  test('the palette puts beginnings first, then words, then what lies within, then letters in order', () => {
    const items = ['Delete layer', 'Move layer up', 'Layer', 'Players', 'Undo', 'Lift a yellow reed'].map((title) => ({ title }))
    expect(ranked(items, 'layer').map(({ title }) => title)).toEqual([
      'Layer',
      'Delete layer',
      'Move layer up',
      'Players',
      'Lift a yellow reed',
    ])
    expect(ranked(items, '')).toEqual(items)
  })
})
