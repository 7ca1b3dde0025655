import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
/** Debian's Python is the one that has Debian's torch. */
const PYTHON = '/usr/bin/python3'
const hasTorch = spawnSync(PYTHON, ['-c', 'import torch, numpy, scipy, PIL']).status === 0

// Twenty steps on a picture drawn on the spot: no download, and the loss must fall.
test.skipIf(!hasTorch).each(['restorer-mean', 'restorer-flow', 'prior', 'sticker-autoencoder', 'sticker', 'lpn'])(
  'training %s learns (needs python3-torch)',
  { timeout: 180_000 },
  (name) => {
    const { stdout, stderr, status } = spawnSync(
      PYTHON,
      ['-B', join(ROOT, 'native-models/training/run.py'), 'train', name, '--preset', 'smoke', '--threads', '1'],
      { cwd: ROOT, encoding: 'utf8' },
    )
    // Libraries may warn; what went wrong is told with the status.
    expect(status, stderr).toBe(0)
    const told = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { name: string; first: number; last: number; steps: number }
    expect(told).toMatchObject({ name, steps: 20 })
    expect(told.last).toBeLessThan(told.first)
  },
)
