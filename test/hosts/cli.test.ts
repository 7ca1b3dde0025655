import { link, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSession } from '../../main/hosts/cli/session.ts'
import { palimpsest, program } from './terminal.ts'

let folder: string
let picture: string
let project: string
const at = (name: string) => join(folder, name)
const silent = { show() {}, [Symbol.dispose]() {} }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-cli-'))
  picture = at('in.png')
  project = at('work.palimpsest')
  await sharp({ create: { width: 96, height: 64, channels: 3, background: '#7f6a50', noise: { type: 'gaussian', mean: 128, sigma: 25 } } })
    .png()
    .toFile(picture)
  await using session = await openSession()
  const signal = new AbortController().signal
  const { file } = await session.client.open({ from: 'size', title: 'Work', width: 40, height: 30, background: [250, 0, 0] })
  const run = (command: Parameters<typeof session.run>[0]['command']) => session.run({ project: file.id, command }, silent, signal)
  await run({ type: 'layer.add', name: 'Ink' })
  const { revision } = await run({ type: 'project.save', path: project }).then(() => run({ type: 'layer.add', name: 'Wash' }))
  if (revision) await run({ type: 'version.name', revision, name: 'First wash' })
})
afterAll(() => rm(folder, { recursive: true }))

describe('what is wrong is said in words and by the exit code', () => {
  test.each([
    [2, 'no command "paint"', ['paint', 'x']],
    [2, 'No file was named', ['info']],
    [2, 'It takes one file', ['info', 'a', 'b']],
    [2, 'Unknown option', ['info', '--fast', 'in.png']],
    [2, 'where the result goes', ['export', 'in.png']],
    [2, '"much", which is no number', ['export', 'in.png', '--out', 'o.jpg', '--quality', 'much']],
    [2, 'quality', ['export', 'in.png', '--out', 'o.jpg', '--quality', '900']],
    [2, 'takes a picture', ['restore', 'work.palimpsest', '--out', 'o.png']],
    [2, 'Only a project has a history', ['history', 'in.png']],
    [3, 'No file has this name', ['info', 'gone.png']],
    [3, 'no method "magic"', ['restore', 'in.png', '--out', 'o.png', '--method', 'magic']],
    [3, 'The project has: "Background"', ['export', 'work.palimpsest', '--out', 'o.png', '--layer', 'Nobody']],
    [10, 'ends in ".bmp"', ['export', 'in.png', '--out', 'o.bmp']],
  ])('%i: %s', async (code, words, args) => {
    const named = args.map((arg) => (/^(in|o|gone|work)\./.test(arg) ? at(arg) : arg))
    const outcome = await palimpsest(named)
    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(outcome.stderr).toContain(words)
    const asJson = await palimpsest([...named, '--json'])
    const { fault } = JSON.parse(asJson.stdout)
    expect(`${fault.what} ${fault.why} ${fault.todo}\n`).toBe(outcome.stderr)
  })

  test('a file that is no picture', async () => {
    await writeFile(at('not.png'), 'hello')
    const { code, stdout } = await palimpsest(['info', at('not.png')])
    expect([code, stdout]).toEqual([expect.toSatisfy((c) => c === 6 || c === 10), ''])
  })

  test('a knob out of its range, named by the method itself', async () => {
    const { code, stderr } = await palimpsest(['restore', picture, '--out', at('o.png'), '--steps', '0'])
    expect([code, /steps/i.test(stderr)]).toEqual([2, true])
  })
})

describe('the file it is made from is never replaced', () => {
  test.each(['in.png', 'hard.png', 'soft.png'])('%s', async (name) => {
    const before = await readFile(picture)
    if (name === 'hard.png') await link(picture, at(name))
    if (name === 'soft.png') await symlink(picture, at(name))
    for (const command of ['export', 'restore']) {
      const { code, stderr } = await palimpsest([command, picture, '--out', at(name)])
      expect([code, stderr]).toEqual([4, expect.stringContaining('It would replace the file it is made from.')])
    }
    expect(await readFile(picture)).toEqual(before)
  })
})

describe('info, history and export', () => {
  test('tell what a project holds', async () => {
    const { code, stdout } = await palimpsest(['info', project, '--json'])
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      {
        kind: 'project',
        width: 40,
        height: 30,
        readOnly: false,
        layers: [{ name: 'Background' }, { name: 'Ink' }, { name: 'Wash' }],
        versions: [{ name: 'First wash' }],
      },
    ])
    const words = await palimpsest(['info', project])
    expect(words.stdout).toMatch(/^work: project, 40 × 30 pixels/i)
  })

  test('list what was done, newest first', async () => {
    const { stdout } = await palimpsest(['history', project, '--json'])
    const { revisions } = JSON.parse(stdout)
    expect(revisions.map((row: { command: string }) => row.command)).toEqual(['layer.add', 'layer.add', 'project.create'])
    expect(revisions[0]).toMatchObject({ head: true, version: 'First wash' })
    const words = await palimpsest(['history', project])
    expect(words.stdout.split('\n')[0]).toMatch(/^\* 3 {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}.+ {2}\[First wash\]$/)
  })

  test('flatten a project into each format', async () => {
    for (const [name, format] of [
      ['o.png', 'png'],
      ['o.jpg', 'jpeg'],
      ['o.webp', 'webp'],
      ['o.tif', 'tiff'],
    ] as const) {
      const { code, stdout } = await palimpsest(['export', project, '--out', at(name)])
      expect([code, stdout]).toEqual([0, `${at(name)}\n`])
      expect(await sharp(at(name)).metadata()).toMatchObject({ format, width: 40, height: 30 })
    }
    expect([...(await sharp(at('o.png')).removeAlpha().raw().toBuffer()).subarray(0, 3)]).toEqual([250, 0, 0])
  })

  test('refuse a project that another studio holds', async () => {
    await using session = await openSession()
    await session.client.open({ from: 'path', path: project })
    const { code } = await palimpsest(['info', project])
    expect([4, 5]).toContain(code)
  })
})

describe('help', () => {
  test('names every command and every exit code', async () => {
    for (const args of [[], ['--help'], ['help']]) {
      const { code, stdout } = await palimpsest(args)
      expect(code).toBe(0)
      for (const word of ['restore', 'export', 'info', 'history', 'serve', '130 cancelled']) expect(stdout).toContain(word)
    }
  })

  test('of restore is drawn from the method', async () => {
    const { stdout } = await palimpsest(['restore', '--help'])
    expect(stdout).toMatch(/--steps N .+ 1 to 50; default 25/)
    expect(stdout).not.toMatch(/null|undefined|\[object/)
  })

  test('may be cut short by whoever reads it', async () => {
    const child = program(['restore', '--help'])
    child.stdout?.destroy()
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0)
  })
})

test('nothing is left behind in the temporary folder', async () => {
  const own = await mkdtemp(join(folder, 'tmp-'))
  await palimpsest(['info', picture], { env: { TMPDIR: own } })
  expect((await readdir(own)).filter((name) => name.startsWith('palimpsest-') && !name.includes('cache'))).toEqual([])
})
