import { appendFileSync, cpSync, existsSync, mkdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { writeTinyDiffusion } from '../../kit/tiny-diffusion.ts'
import { faultOf } from '../workshop.ts'
import { type Cabinet, only, openCabinet } from './cabinet.ts'
import { filesIn, flipLastBit } from './files.ts'

let cabinet: Cabinet
beforeEach(() => {
  cabinet = openCabinet()
})
afterEach(() => {
  vi.unstubAllEnvs()
  cabinet[Symbol.dispose]()
})

const signal = new AbortController().signal
const cards = () => cabinet.open().cards(signal)
describe('a folder', () => {
  test('is added, listed with what it is, and not twice', async () => {
    writeTinyDiffusion(cabinet.at('models', 'Soft Pencil'))
    const { notes } = await cabinet.ask({ do: 'add', path: cabinet.at('models', 'Soft Pencil') })
    expect(notes).toEqual(['"Soft Pencil" was added.'])
    const { models } = await cabinet.ask({ do: 'add', path: cabinet.at('models', 'Soft Pencil') })
    expect(only(models)).toMatchObject({
      id: expect.stringMatching(/^folder-soft-pencil-[0-9a-f]{8}$/),
      role: 'text-to-picture',
      title: 'Soft Pencil',
      licence: 'unknown',
      problem: null,
      source: 'folder',
      side: 16,
      multiple: 4,
    })
    const size = filesIn(cabinet.at('models', 'Soft Pencil')).reduce(
      (sum, file) => sum + statSync(cabinet.at('models', 'Soft Pencil', file)).size,
      0,
    )
    expect(only(models).bytes).toBe(size)
  })

  test('may hold several, at several depths, beside much else', async () => {
    for (const name of ['one', 'deep/down/two']) writeTinyDiffusion(cabinet.at('models', name))
    mkdirSync(cabinet.at('models', 'photographs'))
    const { models, notes } = await cabinet.ask({ do: 'add', path: cabinet.at('models') })
    expect(models.map(({ title }) => title)).toEqual(['one', 'two'])
    expect(notes[0]).toMatch(/^2 models were found/)
  })

  test.each([
    ['missing', 'gone', 'There is no folder'],
    ['unsupported', 'empty', 'none lies in it'],
  ])('is refused as %s when it is %s', async (kind, name, why) => {
    mkdirSync(cabinet.at('empty'))
    expect(await faultOf(cabinet.ask({ do: 'add', path: cabinet.at(name) }))).toMatchObject({ kind, why: expect.stringContaining(why) })
    expect(existsSync(cabinet.at('library'))).toBe(false)
  })

  test('that is broken is listed with what it lacks, and well again when that is there', async () => {
    const folder = cabinet.at('models', 'half')
    writeTinyDiffusion(folder)
    renameSync(join(folder, 'vae_decoder'), join(folder, 'elsewhere'))
    const { notes } = await cabinet.ask({ do: 'add', path: folder })
    expect(notes).toEqual(['"half" was added.', expect.stringContaining('vae_decoder/model.onnx')])
    expect(only(await cards()).problem).toContain('vae_decoder/model.onnx')
    renameSync(join(folder, 'elsewhere'), join(folder, 'vae_decoder'))
    expect(only(await cards()).problem).toBeNull()
  })

  test('may be named from home', async () => {
    vi.stubEnv('HOME', cabinet.folder)
    writeTinyDiffusion(cabinet.at('model'))
    const { models } = await cabinet.ask({ do: 'add', path: '~/model' })
    expect(only(models).path).toBe(cabinet.at('model'))
  })

  test('tells its licence in its README', async () => {
    writeTinyDiffusion(cabinet.at('model'))
    writeFileSync(cabinet.at('model', 'README.md'), '---\ntags:\n  - onnx\nlicense: openrail++\n---\n# A model\n')
    await cabinet.ask({ do: 'add', path: cabinet.at('model') })
    expect(only(await cards()).licence).toBe('openrail++')
  })
})

describe('what a model is', () => {
  test('is one hash of all its files, the same wherever it lies and when it is read again', async () => {
    writeTinyDiffusion(cabinet.at('a', 'model'), { beside: 'weights.pb' })
    cpSync(cabinet.at('a', 'model'), cabinet.at('b', 'copy'), { recursive: true })
    await cabinet.ask({ do: 'add', path: cabinet.at('a') })
    const { models } = await cabinet.ask({ do: 'add', path: cabinet.at('b') })
    const [first, second] = await Promise.all(models.map(({ id }) => cabinet.open().folder(id, signal)))
    expect(first?.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(second?.sha256).toBe(first?.sha256)
    expect(first?.folder.path).toBe(cabinet.at('a', 'model'))
    writeFileSync(cabinet.at('a', 'model', 'notes.txt'), 'nothing a picture depends on')
    expect((await cabinet.open().folder(models[0]?.id ?? '', signal)).sha256).toBe(first?.sha256)
    appendFileSync(cabinet.at('a', 'model', 'unet', 'weights.pb'), '!')
    expect((await cabinet.open().folder(models[0]?.id ?? '', signal)).sha256).not.toBe(first?.sha256)
  })

  test('is not asked of what is not there', async () => {
    expect(await faultOf(cabinet.open().folder('folder-nobody-00000000', signal))).toMatchObject({ kind: 'missing' })
  })
})

describe('verify', () => {
  test('reads every byte and says so', async () => {
    writeTinyDiffusion(cabinet.at('model'))
    const { id, bytes } = only((await cabinet.ask({ do: 'add', path: cabinet.at('model') })).models)
    const told: number[] = []
    const { notes } = await cabinet.ask({ do: 'verify', model: id }, { told: ({ done, of }) => told.push(done / (of ?? Number.NaN)) })
    expect(notes).toEqual([expect.stringContaining('There is nothing to compare it with.')])
    expect([bytes > 0, told.at(-1)]).toEqual([true, 1])
  })

  test('finds a file that changed though size and time say it did not', async () => {
    writeTinyDiffusion(cabinet.at('model'))
    const { id } = only((await cabinet.ask({ do: 'add', path: cabinet.at('model') })).models)
    const graph = cabinet.at('model', 'unet', 'model.onnx')
    const long = new Date('2020-01-01')
    utimesSync(graph, long, long)
    await cabinet.ask({ do: 'verify', model: id })
    flipLastBit(graph)
    utimesSync(graph, long, long)
    const damaged = { kind: 'damaged', why: expect.stringContaining('unet/model.onnx') }
    const { sha256 } = await cabinet.open().folder(id, signal)
    // It goes on being said, everywhere, and the model is not used.
    for (let time = 0; time < 2; time++) expect(await faultOf(cabinet.ask({ do: 'verify', model: id }))).toMatchObject(damaged)
    expect(only(await cards()).problem).toContain('in secret: unet/model.onnx')
    expect(await faultOf(cabinet.open().folder(id, signal))).toMatchObject(damaged)
    // Mended, it is as good as before.
    flipLastBit(graph)
    utimesSync(graph, long, long)
    await cabinet.ask({ do: 'verify', model: id })
    expect((await cabinet.open().folder(id, signal)).sha256).toBe(sha256)
    // Accepted, it is what it is now.
    flipLastBit(graph)
    utimesSync(graph, long, long)
    await faultOf(cabinet.ask({ do: 'verify', model: id }))
    await cabinet.ask({ do: 'remove', model: id, files: false })
    expect(only((await cabinet.ask({ do: 'add', path: cabinet.at('model') })).models)).toMatchObject({ id, problem: null })
    await cabinet.ask({ do: 'verify', model: id })
    expect((await cabinet.open().folder(id, signal)).sha256).not.toBe(sha256)
  })

  test('what one studio finds, another that is open knows', async () => {
    writeTinyDiffusion(cabinet.at('model'))
    const { id } = only((await cabinet.ask({ do: 'add', path: cabinet.at('model') })).models)
    const graph = cabinet.at('model', 'unet', 'model.onnx')
    const long = new Date('2020-01-01')
    utimesSync(graph, long, long)
    const other = cabinet.open()
    await other.folder(id, signal)
    flipLastBit(graph)
    utimesSync(graph, long, long)
    await faultOf(cabinet.ask({ do: 'verify', model: id }))
    expect(await faultOf(other.folder(id, signal))).toMatchObject({ kind: 'damaged' })
  })

  test('stops within its reading when it is cancelled', async () => {
    writeTinyDiffusion(cabinet.at('model'))
    const { id } = only((await cabinet.ask({ do: 'add', path: cabinet.at('model') })).models)
    const stop = new AbortController()
    const work = cabinet.ask({ do: 'verify', model: id }, { signal: stop.signal, told: () => stop.abort() })
    await expect(work).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('a model that was moved', () => {
  test('stays itself, with its id', async () => {
    writeTinyDiffusion(cabinet.at('before', 'model'))
    const { id } = only((await cabinet.ask({ do: 'add', path: cabinet.at('before', 'model') })).models)
    const { sha256 } = await cabinet.open().folder(id, signal)
    renameSync(cabinet.at('before'), cabinet.at('after'))
    expect(only(await cards())).toMatchObject({ id, problem: expect.stringContaining('There is no folder') })
    const { models } = await cabinet.ask({ do: 'relocate', model: id, path: cabinet.at('after', 'model') })
    expect(only(models)).toMatchObject({ id, title: 'model', problem: null, path: cabinet.at('after', 'model') })
    expect((await cabinet.open().folder(id, signal)).sha256).toBe(sha256)
  })

  test('goes with the folder of models it lies in, and keeps its id', async () => {
    for (const name of ['one', 'deep/two']) writeTinyDiffusion(cabinet.at('before', name))
    const { models } = await cabinet.ask({ do: 'add', path: cabinet.at('before') })
    const ids = models.map(({ id }) => id)
    renameSync(cabinet.at('before'), cabinet.at('after'))
    const gone = only(await cards())
    expect(gone).toMatchObject({ title: 'before', problem: expect.stringContaining('There is no folder') })
    mkdirSync(cabinet.at('empty'))
    expect(await faultOf(cabinet.ask({ do: 'relocate', model: gone.id, path: cabinet.at('empty') }))).toMatchObject({ kind: 'unsupported' })
    const moved = await cabinet.ask({ do: 'relocate', model: gone.id, path: cabinet.at('after') })
    expect(moved.notes).toEqual([`2 models are now in ${cabinet.at('after')}.`])
    expect(moved.models.map(({ id, problem }) => [id, problem])).toEqual(ids.map((id) => [id, null]))
    writeTinyDiffusion(cabinet.at('after', 'three'))
    expect((await cards()).map(({ title }) => title)).toEqual(['one', 'two', 'three'])
  })

  test('stays off the list where it was taken off it before its folder went elsewhere', async () => {
    for (const name of ['one', 'deep/two']) writeTinyDiffusion(cabinet.at('before', name))
    const { models } = await cabinet.ask({ do: 'add', path: cabinet.at('before') })
    await cabinet.ask({ do: 'remove', model: models.find(({ title }) => title === 'two')?.id ?? '', files: false })
    renameSync(cabinet.at('before'), cabinet.at('after'))
    const moved = await cabinet.ask({ do: 'relocate', model: only(await cards()).id, path: cabinet.at('after') })
    expect([only(moved.models).title, moved.notes]).toEqual(['one', [`1 model is now in ${cabinet.at('after')}.`]])
    const again = await cabinet.ask({ do: 'add', path: cabinet.at('after', 'deep') })
    expect(again.models.map(({ id }) => id).sort()).toEqual(models.map(({ id }) => id).sort())
  })

  test('is not another model', async () => {
    for (const [name, half] of [
      ['one', false],
      ['two', true],
    ] as const)
      writeTinyDiffusion(cabinet.at(name), { half })
    const { id } = only((await cabinet.ask({ do: 'add', path: cabinet.at('one') })).models)
    await cabinet.open().folder(id, signal)
    expect(await faultOf(cabinet.ask({ do: 'relocate', model: id, path: cabinet.at('two') }))).toMatchObject({ kind: 'refused' })
  })
})

describe('remove', () => {
  test('takes it off the list and leaves every file', async () => {
    writeTinyDiffusion(cabinet.at('models', 'one'))
    writeTinyDiffusion(cabinet.at('models', 'two'))
    const { models } = await cabinet.ask({ do: 'add', path: cabinet.at('models') })
    const before = filesIn(cabinet.at('models'))
    const left = await cabinet.ask({ do: 'remove', model: models[0]?.id ?? '', files: true })
    expect([left.models.map(({ title }) => title), left.notes[1]]).toEqual([
      ['two'],
      expect.stringContaining('the studio did not download them'),
    ])
    expect(filesIn(cabinet.at('models'))).toEqual(before)
    await cabinet.ask({ do: 'add', path: cabinet.at('models', 'one') })
    expect((await cards()).map(({ title }) => title).sort()).toEqual(['one', 'two'])
  })
})

test('what was found for a model by tuning goes with it', async () => {
  writeTinyDiffusion(cabinet.at('model'))
  const { id } = only((await cabinet.ask({ do: 'add', path: cabinet.at('model') })).models)
  const { folder, sha256 } = await cabinet.open().folder(id, signal)
  expect(folder.tuned).toEqual({ steps: [], recipes: [], statistics: [], boards: [] })
  mkdirSync(cabinet.at('library', 'tuned', sha256), { recursive: true })
  const scores = { found: 1, usual: 2, foundHeldOut: null, usualHeldOut: null }
  const words = { guidance: 7, prompts: 'a cat', negative: '' }
  const found = { version: 1, what: 'steps', ...words, scores, solver: 'ddim', levels: [100, 900], skip: [[], []] }
  writeFileSync(cabinet.at('library', 'tuned', sha256, 'steps-2.json'), JSON.stringify(found))
  renameSync(cabinet.at('model'), cabinet.at('moved'))
  await cabinet.ask({ do: 'relocate', model: id, path: cabinet.at('moved') })
  expect((await cabinet.open().folder(id, signal)).folder.tuned?.steps).toMatchObject([{ levels: [100, 900] }])
  expect(only(await cards()).notes).toEqual(['Found for it by tuning: places for steps: 2.'])
})
