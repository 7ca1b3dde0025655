import { execFile, spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { readModelFolder } from '../../main/engine/diffusion/folder.ts'
import { generate } from '../../main/engine/diffusion/generate.ts'
import { Models } from '../../main/engine/models/models.ts'
import { Sessions } from '../../main/engine/sessions/sessions.ts'
import { outcome } from '../../main/math/integrate.ts'
import { agreements } from '../engine/vjp/autograd.ts'
import { straightLine } from './straight-line.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Debian's Python is the one that has Debian's torch. */
const PYTHON = '/usr/bin/python3'
const hasTorch = spawnSync(PYTHON, ['-c', 'import torch, numpy, scipy, PIL']).status === 0
const exported = mkdtempSync(join(tmpdir(), 'palimpsest-training-'))
afterAll(() => rmSync(exported, { recursive: true, force: true }))

/** Twenty steps on pictures drawn on the spot, without a download; what was made is exported. */
async function train(name: string, into?: string): Promise<unknown> {
  const where = into === undefined ? [] : ['--into', into]
  const run = join(ROOT, 'native-models/training/run.py')
  const given = ['-B', run, 'train', name, '--preset', 'smoke', '--threads', '1', ...where]
  // A failure rejects, with what was written to stderr in its message. Libraries may warn.
  const { stdout } = await promisify(execFile)(PYTHON, given, { cwd: ROOT })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

function expectLearned(told: unknown, name: string): void {
  expect(told).toMatchObject({ name, steps: 20 })
  const { first, last } = told as { first: number; last: number }
  expect(last).toBeLessThan(first)
}

describe.skipIf(!hasTorch).concurrent('training (needs python3-torch)', { timeout: 180_000 }, () => {
  test.each(['restorer-mean', 'restorer-flow', 'sticker-autoencoder', 'sticker-judge', 'sticker-flow', 'restorer-ode-local'])(
    '%s learns',
    async (name) => {
      expectLearned(await train(name), name)
    },
  )

  test.each(['prior', 'lpn', 'orthogonal-10', 'texture-shortest', 'texture-plain', 'restorer-double', 'sticker', 'sticker-reflow'])(
    '%s learns, and its export computes what it did, gradients too',
    async (name) => {
      const into = join(exported, name)
      expectLearned(await train(name, into), name)
      const [recorded] = globSync(join(into, '{*.gradients.json,*/gradients.json}'))
      const found = await agreements(recorded as string)
      expect(found.some(({ tensor }) => tensor.endsWith('/gradient'))).toBe(true)
      expect(found.filter(({ isSameFile, difference, tolerance }) => !(isSameFile && difference < tolerance))).toEqual([])
    },
  )
})

describe.skipIf(!hasTorch)('the folders of stickers (need python3-torch)', () => {
  process.env.PALIMPSEST_PROVIDER = 'cpu'
  const { signal } = new AbortController()
  const sessions = new Sessions({
    entry: pathToFileURL(join(ROOT, 'main/engine/index.ts')),
    models: new Models(exported),
    budget: 2 ** 30,
    tell: () => undefined,
  })
  afterAll(() => sessions[Symbol.asyncDispose]())
  const request = {
    ...{ prompt: 'flat red disc', negative: '', guidance: 1, seed: 7, width: 64, height: 64, steps: 4 },
    ...{ schedule: { id: 'uniform' }, solver: { id: 'ddim' } },
  }

  test.each(['sticker/sticker', 'sticker-reflow/sticker-flow'])(
    '%s is read like any other and makes transparent pictures',
    async (path) => {
      const folder = await readModelFolder(join(exported, path))
      expect(folder).toMatchObject({ side: 64, multiple: 16, notes: [] })
      const { tokenized } = JSON.parse(readFileSync(join(folder.path, 'check.json'), 'utf8')) as { tokenized: Record<string, number[]> }
      for (const [text, ids] of Object.entries(tokenized)) expect(folder.textEncoders[0].tokenize(text).ids, text).toEqual(ids)
      const { picture, alpha, latent } = await outcome(generate(folder, request, sessions, signal))
      expect([picture.shape, alpha?.shape]).toEqual([
        [3, 64, 64],
        [1, 64, 64],
      ])
      expect(latent.data.every(Number.isFinite)).toBe(true)
    },
  )

  test('steps of DDIM on the ladder of the flow are steps of Euler along the straight line', async () => {
    const folder = await readModelFolder(join(exported, 'sticker-reflow/sticker-flow'))
    const { latent } = await outcome(generate(folder, request, sessions, signal))
    const line = await straightLine(folder.path, folder.textEncoders[0].tokenize(request.prompt).ids, request)
    const furthest = Math.max(...line.map((value, i) => Math.abs(value - latent.data[i])))
    // The ladder begins with a thousandth of the picture where the line begins with none.
    expect(furthest / Math.max(...line.map(Math.abs))).toBeLessThan(5e-3)
  })
})
