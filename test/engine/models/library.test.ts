import { createHash } from 'node:crypto'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ModelCard } from '../../../preload/contract/catalog.ts'
import { writeTinyDiffusion } from '../../kit/tiny-diffusion.ts'
import { BUILT_IN, faultOf } from '../workshop.ts'
import { type Cabinet, openCabinet } from './cabinet.ts'

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
const only = (list: readonly ModelCard[]): ModelCard => {
  expect(list).toHaveLength(1)
  return list[0] as ModelCard
}
/** Every file below a folder, from it. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()

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
    await cabinet.ask({ do: 'add', path: folder })
    expect(only(await cards()).problem).toContain('vae_decoder/model.onnx')
    renameSync(join(folder, 'elsewhere'), join(folder, 'vae_decoder'))
    expect(only(await cards()).problem).toBeNull()
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
    expect(await faultOf(cabinet.ask({ do: 'verify', model: id }))).toMatchObject({
      kind: 'damaged',
      why: expect.stringContaining('unet/model.onnx'),
    })
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

describe('what other programs keep', () => {
  test("is found in Hugging Face's cache, through its links, and compared with its names", async () => {
    const repository = cabinet.at('cache', 'hub', 'models--painters--soft--pencil')
    const snapshot = cacheModel(repository, 'abc123')
    expect(only(await cards())).toMatchObject({
      id: expect.stringMatching(/^folder-painters-soft-pencil-/),
      title: 'painters/soft/pencil',
      source: 'hugging-face',
      problem: null,
      path: snapshot,
    })
    const { id } = only(await cards())
    expect((await cabinet.ask({ do: 'verify', model: id })).notes[0]).toMatch(/(\d+) files.* \1 are just as they were made/)
    const blob = cabinet.at(
      'cache',
      'hub',
      'models--painters--soft--pencil',
      'blobs',
      readdirSync(join(repository, 'blobs')).find((name) => name.length === 64) ?? '',
    )
    flipLastBit(blob)
    expect(await faultOf(cabinet.ask({ do: 'verify', model: id }))).toMatchObject({ kind: 'damaged' })
    expect(only(await cards()).problem).toContain('not what they were made as')
    expect(await faultOf(cabinet.open().folder(id, signal))).toMatchObject({ kind: 'damaged' })
  })

  test("is found in ComfyUI's folders and in those its list names; checkpoints are told to be exported", async () => {
    writeTinyDiffusion(cabinet.at('ComfyUI', 'models', 'diffusers', 'inside'))
    writeTinyDiffusion(cabinet.at('elsewhere', 'here', 'outside'))
    for (const path of ['ComfyUI/models/checkpoints/old.safetensors', 'elsewhere/there/older.ckpt']) {
      mkdirSync(dirname(cabinet.at(path)), { recursive: true })
      writeFileSync(cabinet.at(path), 'weights')
    }
    vi.stubEnv('PALIMPSEST_TEST_PLACE', cabinet.folder)
    writeFileSync(
      cabinet.at('ComfyUI', 'extra_model_paths.yaml'),
      'other:\n  base_path: $PALIMPSEST_TEST_PLACE/elsewhere\n  is_default: true\n  diffusers: |\n    here/\n    nowhere\n  checkpoints: there\n#commented:\n',
    )
    const found = await cards()
    expect(found.map(({ title, source }) => [title, source])).toEqual(
      ['inside', 'outside', 'old', 'older'].map((title) => [title, 'comfyui']),
    )
    expect(found.map(({ problem }) => problem?.includes('not an ONNX export') ?? false)).toEqual([false, false, true, true])
  })

  test('a list of paths that cannot be read is a note, and hides nothing else', async () => {
    writeTinyDiffusion(cabinet.at('model'))
    await cabinet.ask({ do: 'add', path: cabinet.at('model') })
    mkdirSync(cabinet.at('ComfyUI'))
    writeFileSync(cabinet.at('ComfyUI', 'extra_model_paths.yaml'), 'a: [1, 2')
    const { models, notes } = await cabinet.ask({ do: 'list' })
    expect([models.length, notes]).toEqual([1, [expect.stringContaining('extra_model_paths.yaml')]])
  })

  test('is nothing where the engine has no library', async () => {
    using bare = openCabinet({ library: null, hubCaches: [], comfyUi: [] })
    writeTinyDiffusion(bare.at('model'))
    expect(await bare.open().cards(signal)).toEqual([])
    expect(await faultOf(bare.ask({ do: 'add', path: bare.at('model') }))).toMatchObject({ kind: 'unsupported' })
  })
})

describe('a folder that came with the studio', () => {
  test('is listed from the manifest, and refused when a file is another', async () => {
    const folder = cabinet.at('built-in', 'sticker')
    writeTinyDiffusion(folder)
    writeManifest(cabinet.at('built-in'))
    expect(only(await cards())).toMatchObject({ id: 'sticker', source: 'built-in', path: null, problem: null, licence: 'MIT' })
    expect((await cabinet.open().folder('sticker', signal)).folder.path).toBe(folder)
    expect((await cabinet.ask({ do: 'verify', model: 'sticker' })).notes[0]).toContain('just as they were made')
    for (const request of [
      { do: 'remove', model: 'sticker', files: true },
      { do: 'relocate', model: 'sticker', path: folder },
    ] as const)
      expect(await faultOf(cabinet.ask(request))).toMatchObject({ kind: 'refused' })
    writeFileSync(join(folder, 'scheduler', 'scheduler_config.json'), '{}')
    expect(only(await cards()).problem).toContain('scheduler/scheduler_config.json')
    expect(await faultOf(cabinet.open().folder('sticker', signal))).toMatchObject({ kind: 'damaged' })
    rmSync(join(folder, 'vae_encoder'), { recursive: true })
    expect(only(await cards()).problem).toContain('vae_encoder/model.onnx')
  })
})

function flipLastBit(file: string): void {
  const bytes = readFileSync(file)
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  writeFileSync(file, bytes)
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** A repository as Hugging Face's programs keep it: blobs by their hashes, a snapshot of links, the commit that `main` is. */
function cacheModel(repository: string, commit: string): string {
  const plain = cabinet.at('plain')
  writeTinyDiffusion(plain)
  const snapshot = join(repository, 'snapshots', commit)
  for (const file of filesIn(plain)) {
    const bytes = readFileSync(join(plain, file))
    const name = file.endsWith('.onnx') ? sha256(bytes) : createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
    for (const path of [join(repository, 'blobs', name), join(snapshot, file)]) mkdirSync(dirname(path), { recursive: true })
    writeFileSync(join(repository, 'blobs', name), bytes)
    symlinkSync(join(repository, 'blobs', name), join(snapshot, file))
  }
  mkdirSync(join(repository, 'refs'))
  writeFileSync(join(repository, 'refs', 'main'), commit)
  mkdirSync(join(repository, 'snapshots', 'older'))
  rmSync(plain, { recursive: true })
  return snapshot
}

function writeManifest(models: string): void {
  const files = filesIn(models).map((file) => {
    const bytes = readFileSync(join(models, file))
    return { file, sha256: sha256(bytes), bytes: bytes.length }
  })
  const unet = files.find(({ file }) => file.endsWith('unet/model.onnx'))
  const entry = { id: 'sticker', role: 'text-to-picture', title: 'Stickers', ...unet, licence: 'MIT', folder: 'sticker', files, side: 16 }
  writeFileSync(join(models, 'manifest.json'), JSON.stringify({ models: [{ ...entry, multiple: 4, overlap: 0, inputs: [], outputs: [] }] }))
}

test('the single files that came with the studio are listed and verified, and left where they are', async () => {
  using ours = openCabinet({ builtIn: BUILT_IN })
  const { models } = await ours.ask({ do: 'list' })
  expect(models).toContainEqual(expect.objectContaining({ id: 'restorer-mean', source: 'built-in', problem: null, path: null }))
  expect((await ours.ask({ do: 'verify', model: 'restorer-mean' })).notes[0]).toContain('the very file')
  expect(await faultOf(ours.ask({ do: 'remove', model: 'restorer-mean', files: true }))).toMatchObject({ kind: 'refused' })
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
})
