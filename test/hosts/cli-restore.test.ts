import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { palimpsest } from './terminal.ts'

let folder: string
const at = (name: string) => join(folder, name)

/** A smooth picture under Gaussian noise of 25 levels. */
async function noisy(width: number, height: number): Promise<{ clean: Buffer; noisy: Buffer }> {
  const clean = Buffer.alloc(width * height * 3)
  for (let i = 0; i < clean.length; i++) {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)]
    clean[i] = 128 + 80 * Math.sin(x / 19 + (i % 3)) * Math.cos(y / 27)
  }
  let state = 9
  const uniform = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) + 0.5) / 2 ** 32
  const noise = clean.map((value) =>
    Math.max(0, Math.min(255, value + 25 * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()))),
  )
  return { clean, noisy: Buffer.from(noise) }
}

const error = (a: Buffer, b: Buffer) => a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0) / a.length
const pixels = (file: string) => sharp(file).removeAlpha().raw().toBuffer()
let clean: Buffer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-cli-'))
  const raw = { raw: { width: 160, height: 120, channels: 3 as const } }
  const made = await noisy(160, 120)
  clean = made.clean
  await sharp(made.noisy, raw).png().toFile(at('in.png'))
  await sharp(made.noisy, raw)
    .jpeg({ quality: 95 })
    .withIccProfile('p3')
    .withExifMerge({ IFD0: { Artist: 'Somebody', Copyright: 'Theirs' } })
    .toFile(at('in.jpg'))
})
afterAll(() => rm(folder, { recursive: true }))

test('a noisy picture comes out closer to the truth, and the same for the same seed', async () => {
  const run = (out: string) => palimpsest(['restore', at('in.png'), '--out', at(out), '--steps', '2', '--seed', '7', '--json'])
  const first = await run('first.png')
  expect(first.code).toBe(0)
  expect(JSON.parse(first.stdout)).toMatchObject({
    out: at('first.png'),
    format: 'png',
    width: 160,
    height: 120,
    method: 'pmrf',
    show: 'realistic',
    seed: 7,
    params: { steps: 2 },
  })
  // The noise alone is 10 log10(255²/25²) = 20.2 dB; two decibels better is a ratio of 1.58.
  expect(error(await pixels(at('in.png')), clean) / error(await pixels(at('first.png')), clean)).toBeGreaterThan(1.58)
  await run('second.png')
  expect(await pixels(at('second.png'))).toEqual(await pixels(at('first.png')))
  const other = await palimpsest(['restore', at('in.png'), '--out', at('faithful.png'), '--steps', '2', '--show', 'faithful'])
  expect(other).toMatchObject({ code: 0, stdout: `${at('faithful.png')}\n` })
  expect(await pixels(at('faithful.png'))).not.toEqual(await pixels(at('first.png')))
})

test('profile and EXIF come through', async () => {
  const { code } = await palimpsest(['restore', at('in.jpg'), '--out', at('out.jpg'), '--steps', '1'])
  expect(code).toBe(0)
  const [before, after] = await Promise.all(['in.jpg', 'out.jpg'].map((name) => sharp(at(name)).metadata()))
  expect(after?.icc).toEqual(before?.icc)
  expect(after?.exif?.includes('Somebody')).toBe(true)
})

test('progress goes to standard error, line by line where it is no terminal', async () => {
  const { stdout, stderr } = await palimpsest(['restore', at('in.png'), '--out', at('told.png'), '--steps', '3'])
  expect(stdout).toBe(`${at('told.png')}\n`)
  const lines = stderr.trim().split('\n')
  expect(lines.at(0)).toMatch(/^Restoring "in"/)
  expect(lines.some((line) => /, 100 %/.test(line))).toBe(true)
  expect(stderr.includes('\r')).toBe(false)
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels: nothing is written, nothing is left', async (signal) => {
  const { noisy: bytes } = await noisy(900, 700)
  await sharp(bytes, { raw: { width: 900, height: 700, channels: 3 } })
    .png()
    .toFile(at('large.png'))
  const own = await mkdtemp(join(folder, 'tmp-'))
  let sent = false
  const outcome = await palimpsest(['restore', at('large.png'), '--out', at('never.png'), '--steps', '50'], {
    env: { TMPDIR: own },
    onError(text, child) {
      if (sent || !text.includes('%')) return
      sent = true
      child.kill(signal)
    },
  })
  expect(sent).toBe(true)
  expect([outcome.code, outcome.stdout]).toEqual([130, ''])
  expect(outcome.stderr).toMatch(/Cancelled\. You stopped it\. Nothing was written\.\n$/)
  expect(await readFile(at('never.png')).catch(() => null)).toBeNull()
  expect((await readdir(own)).filter((name) => name.startsWith('palimpsest-') && !name.includes('cache'))).toEqual([])
})
