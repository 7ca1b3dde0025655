import { cpSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Library } from '../../../main/engine/models/library.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { writeTinyDiffusion } from '../../kit/tiny-diffusion.ts'
import { BUILT_IN, faultOf } from '../workshop.ts'
import { type Cabinet, never, only, openCabinet } from './cabinet.ts'
import { filesIn, flipLastBit, sha256 } from './files.ts'

let cabinet: Cabinet
beforeEach(() => {
  cabinet = openCabinet()
})
afterEach(() => {
  cabinet[Symbol.dispose]()
})

const signal = new AbortController().signal
const cards = () => cabinet.open().cards(signal)

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

test('the single files that came with the studio are listed and verified, and left where they are', async () => {
  using ours = openCabinet({ builtIn: BUILT_IN })
  const { models } = await ours.ask({ do: 'list' })
  expect(models).toContainEqual(expect.objectContaining({ id: 'restorer-mean', source: 'built-in', problem: null, path: null }))
  expect((await ours.ask({ do: 'verify', model: 'restorer-mean' })).notes[0]).toContain('the very file')
  expect(await faultOf(ours.ask({ do: 'remove', model: 'restorer-mean', files: true }))).toMatchObject({ kind: 'refused' })
})

test('a single file that was changed in secret is found when it is verified, and goes on being told', async () => {
  const folder = cabinet.at('single')
  cpSync(BUILT_IN, folder, { recursive: true, filter: (path) => path === BUILT_IN || /(manifest\.json|restorer-mean\.onnx)$/.test(path) })
  const library = new Library({ ...cabinet.places, builtIn: folder })
  const ask = () => outcome(library.serve({ do: 'verify', model: 'restorer-mean' }, never, signal))
  expect((await ask()).notes[0]).toContain('the very file')
  const file = join(folder, 'restorer-mean.onnx')
  const { atime, mtime } = statSync(file)
  flipLastBit(file)
  utimesSync(file, atime, mtime)
  for (let time = 0; time < 2; time++)
    expect(await faultOf(ask())).toMatchObject({ kind: 'damaged', why: expect.stringContaining('SHA-256 differs') })
  const { models } = await outcome(library.serve({ do: 'list' }, never, signal))
  expect(models.find(({ id }) => id === 'restorer-mean')?.problem).toContain('SHA-256 differs')
})

function writeManifest(models: string): void {
  const files = filesIn(models).map((file) => {
    const bytes = readFileSync(join(models, file))
    return { file, sha256: sha256(bytes), bytes: bytes.length }
  })
  const unet = files.find(({ file }) => file.endsWith('unet/model.onnx'))
  const entry = { id: 'sticker', role: 'text-to-picture', title: 'Stickers', ...unet, licence: 'MIT', folder: 'sticker', files, side: 16 }
  writeFileSync(join(models, 'manifest.json'), JSON.stringify({ models: [{ ...entry, multiple: 4, overlap: 0, inputs: [], outputs: [] }] }))
}
