import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { modelOf } from '../../main/hosts/cli/imagine.ts'
import { openSession } from '../../main/hosts/cli/session.ts'
import type { Catalog } from '../../preload/contract/catalog.ts'
import { outcome } from '../kit/project.ts'
import { writeTinyDiffusion } from '../kit/tiny-diffusion.ts'
import { tinyModel } from '../kit/tiny-models.ts'
import { faultOf } from '../store/projects.ts'
import { palimpsest } from './terminal.ts'

let folder: string
let model: string
let side: number
let before: string | undefined
const at = (name: string) => join(folder, name)
/** Milliseconds for several programs, each with an engine to start, on a machine that has other things to do. */
const LONG = 300_000

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-cli-'))
  // The program and the sessions here share one library of models, and it is not that of this machine.
  before = process.env.PALIMPSEST_LIBRARY
  process.env.PALIMPSEST_LIBRARY = at('library')
  await mkdir(at('library'))
  writeTinyDiffusion(at('tiny'))
  await using session = await openSession()
  const { models } = await outcome(session.client.models({ do: 'add', path: at('tiny') }))
  const card = models.find(({ path }) => path === at('tiny'))!
  model = card.id
  side = card.side!
  await sharp({ create: { width: 24, height: 20, channels: 3, background: '#7f6a50', noise: { type: 'gaussian', mean: 128, sigma: 25 } } })
    .png()
    .toFile(at('in.png'))
})
afterAll(async () => {
  if (before === undefined) delete process.env.PALIMPSEST_LIBRARY
  else process.env.PALIMPSEST_LIBRARY = before
  await rm(folder, { recursive: true })
})

const run = async (...args: string[]) => {
  const { code, stdout, stderr } = await palimpsest([...args, '--model', model, '--json'])
  expect(stderr).not.toContain('fault')
  expect([code, stderr.includes('%')]).toEqual([0, true])
  return JSON.parse(stdout)
}
const pixels = async (file: string) => await sharp(at(file)).ensureAlpha().raw().toBuffer()

test('generate makes a picture from words, the same for the same seed, and tells all it took', { timeout: LONG }, async () => {
  const told = await run('generate', 'a cat', '--out', at('a.png'), '--seed', '3', '--steps', '2', '--negative', 'a dog')
  expect(told).toMatchObject({
    ...{ out: at('a.png'), format: 'png', width: side, height: side, method: 'generate', model, seed: 3, provider: 'cpu' },
    params: { prompt: 'a cat', negative: 'a dog', steps: 2 },
    models: [{ id: model, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
  })
  expect(await sharp(at('a.png')).metadata()).toMatchObject({ width: side, height: side })
  const size = `${side}x${side}`
  await run('generate', 'a cat', '--out', at('b.png'), '--size', size, '--seed', '3', '--set', 'steps=2', '--set', 'negative=a dog')
  expect(await pixels('b.png')).toEqual(await pixels('a.png'))
  const { stdout } = await palimpsest(['info', at('b.png'), '--json'])
  expect(JSON.parse(stdout).settings).toMatchObject({ prompt: 'a cat', negative: 'a dog', seed: 3, steps: 2, width: side, height: side })
})

test('what a model cuts out is written with its transparency, asked for as the model wants to be', { timeout: LONG }, async () => {
  writeTinyDiffusion(at('cutter'), { alpha: true, index: { usual_settings: { guidance: 1, steps: 2, prompts: 'a cat\na dog' } } })
  const { stdout: added } = await palimpsest(['models', 'add', at('cutter'), '--json'])
  const cutter: string = JSON.parse(added).models.find(({ path }: { path: string }) => path === at('cutter')).id
  const { stdout, code } = await palimpsest(['generate', 'a cat', '--out', at('cut.png'), '--seed', '3', '--model', cutter, '--json'])
  expect([code, JSON.parse(stdout).params]).toMatchObject([0, { guidance: 1, steps: 2 }])
  const alphas = (await pixels('cut.png')).filter((_, i) => i % 4 === 3)
  expect(await sharp(at('cut.png')).metadata()).toMatchObject({ hasAlpha: true })
  expect(alphas.some((value) => value > 0 && value < 255)).toBe(true)
  const listed = (await palimpsest(['models'])).stdout
  expect(listed).toContain('asked with guidance 1, steps 2 where nothing else is said\n    for example for "a cat", "a dog"')
  expect((await palimpsest(['generate', '--help', '--model', cutter])).stdout).toMatch(/--steps N .*default 2/)
})

/** Do all pixels outside a rectangle agree? */
function sameOutside(a: Buffer, b: Buffer, width: number, [x0, y0, x1, y1]: number[]): boolean {
  return a.every((value, i) => {
    const [x, y] = [(i >> 2) % width, Math.floor((i >> 2) / width)]
    return (x >= x0 && x < x1 && y >= y0 && y < y1) || value === b[i]
  })
}

describe('fill', () => {
  test('makes a box anew and leaves everything beyond its feather as it was, to the bit', { timeout: LONG }, async () => {
    const told = await run(
      'fill',
      at('in.png'),
      '--box',
      '8,6,6,5',
      '--words',
      'a hat',
      '--feather',
      '2',
      '--steps',
      '3',
      '--out',
      at('f.png'),
    )
    expect(told.params).toMatchObject({ prompt: 'a hat', feather: 2, steps: 3 })
    const [from, to] = [await pixels('in.png'), await pixels('f.png')]
    expect(sameOutside(from, to, 24, [6, 4, 16, 13])).toBe(true)
    expect(to.equals(from)).toBe(false)
  })

  test('extends a picture and keeps what was there', { timeout: LONG }, async () => {
    const told = await run('fill', at('in.png'), '--extend', '8,0,0,4', '--feather', '0', '--steps', '2', '--out', at('x.png'))
    expect([told.width, told.height]).toEqual([32, 24])
    const kept = await sharp(at('x.png')).extract({ left: 8, top: 0, width: 24, height: 20 }).ensureAlpha().raw().toBuffer()
    expect(kept.equals(await pixels('in.png'))).toBe(true)
    expect((await sharp(at('x.png')).stats()).isOpaque).toBe(true)
  })
})

describe('edit', () => {
  test('with the same words gives the same picture', { timeout: LONG }, async () => {
    const told = await run('edit', at('in.png'), '--from', 'a cat', '--to', 'a cat', '--steps', '4', '--out', at('e.png'))
    expect(told).toMatchObject({ method: 'exact-edit', width: 24, height: 20 })
    expect((await pixels('e.png')).equals(await pixels('in.png'))).toBe(true)
  })

  test('takes parts with words of their own, and changes nothing else', { timeout: LONG }, async () => {
    const shown = ['--box', '2,2,5,5=a dog', '--outline', '14,12,22,12,22,18,14,18=a shoe = a boot', '--feather', '0', '--steps', '4']
    const told = await run('edit', at('in.png'), '--from', 'two things', ...shown, '--out', at('o.png'))
    expect(told).toMatchObject({ method: 'edit-objects', params: { source: 'two things', steps: 4 } })
    const [from, to] = [await pixels('in.png'), await pixels('o.png')]
    expect(to.equals(from)).toBe(false)
    expect(sameOutside(from, to, 24, [2, 2, 22, 18])).toBe(true)
  })
})

test('invert tells how exactly each inversion returns', { timeout: LONG }, async () => {
  const { inversions } = await run('invert', at('in.png'), '--words', 'a cat', '--steps', '6')
  const told = inversions.map(({ inversion, decibels, largest }: Record<string, unknown>) => [inversion, decibels ?? -999, largest])
  // Single precision rounds at -140 dB of the largest number; what an exact inversion loses stays near it.
  expect(told.sort()).toEqual([
    ['bdia-inversion', expect.toSatisfy((decibels) => decibels < -90), 0],
    ['ddim-inversion', expect.toSatisfy((decibels) => decibels > -90), 0],
    ['edict', expect.toSatisfy((decibels) => decibels < -90), 0],
  ])
})

test.each([
  [2, 'No words say what to make', ['generate', '--out', 'o.png']],
  [2, 'has no setting "magic"', ['generate', 'a cat', '--out', 'o.png', '--set', 'magic=1']],
  [3, 'no model "gone"', ['generate', 'a cat', '--out', 'o.png', '--model', 'gone']],
  [2, 'what to fill', ['fill', 'in.png', '--out', 'o.png']],
  [2, 'what the picture shall become', ['edit', 'in.png', '--out', 'o.png', '--from', 'a cat']],
  [2, 'what the picture shows', ['invert', 'in.png']],
])('%i: %s', { timeout: LONG }, async (code, words, args) => {
  const outcome = await palimpsest(args.map((arg) => (/^(in|o)\./.test(arg) ? at(arg) : arg)))
  expect(outcome).toMatchObject({ code, stdout: '' })
  expect(outcome.stderr).toContain(words)
})

test('the first sound model is taken; where there is none, how to get one is told', () => {
  const catalog = (...models: Catalog['models']) => ({ models }) as Catalog
  const given = { positionals: [], values: {} }
  expect(() => modelOf(catalog(), given, 'make')).toThrow(faultOf('missing'))
  expect(() => modelOf(catalog(), given, 'make')).toThrow('npm start -- models add FOLDER')
  const broken = { ...tinyModel, id: 'broken', problem: 'Its U-Net is gone.' }
  expect(modelOf(catalog(broken, tinyModel), given, 'change').id).toBe('tiny')
  expect(() => modelOf(catalog(broken), given, 'make')).toThrow('Its U-Net is gone.')
})
