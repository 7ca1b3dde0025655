import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { writeTinyDiffusion } from '../../kit/tiny-diffusion.ts'
import { faultOf } from '../workshop.ts'
import { type Cabinet, only, openCabinet } from './cabinet.ts'
import { filesIn, flipLastBit, sha256 } from './files.ts'

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

  test('stays off the list when it was taken off, though it is updated', async () => {
    const repository = cabinet.at('cache', 'hub', 'models--painters--ink')
    cacheModel(repository, 'abc123')
    const { id } = only(await cards())
    const { models, notes } = await cabinet.ask({ do: 'remove', model: id, files: true })
    expect([models, notes.length]).toEqual([[], 2])
    renameSync(join(repository, 'snapshots', 'abc123'), join(repository, 'snapshots', 'def456'))
    writeFileSync(join(repository, 'refs', 'main'), 'def456')
    expect(await cards()).toEqual([])
    expect((await cabinet.ask({ do: 'add', path: cabinet.at('cache') })).models).toMatchObject([{ id, problem: null }])
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
    const words = { kind: 'unsupported', why: 'It is one file of weights, not an ONNX export.' }
    const model = found.find(({ title }) => title === 'old')?.id ?? ''
    expect(await faultOf(cabinet.open().folder(model, signal))).toMatchObject(words)
    expect(await faultOf(cabinet.ask({ do: 'verify', model }))).toMatchObject(words)
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
