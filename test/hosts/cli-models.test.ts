import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type LocalHub, openHub } from '../engine/models/local-hub.ts'
import { writeTinyDiffusion } from '../kit/tiny-diffusion.ts'
import { type Outcome, palimpsest } from './terminal.ts'

// Real processes, several a test, on a machine that may have much else to do.
vi.setConfig({ testTimeout: 240_000 })

const NAME = 'painters/soft-pencil'
let folder: string
let hub: LocalHub
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'palimpsest-cli-models-'))
  writeTinyDiffusion(at('Soft Pencil'))
  hub = await openHub(NAME)
  hub.take(at('Soft Pencil'))
})
afterEach(async () => {
  await hub[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const at = (...names: string[]) => join(folder, ...names)
/** Its own library, and no other program's models. */
const shell = (args: readonly string[], options: Parameters<typeof palimpsest>[1] = {}): Promise<Outcome> =>
  palimpsest(args, {
    ...options,
    env: {
      PALIMPSEST_LIBRARY: at('library'),
      HF_HOME: at('hf'),
      COMFYUI_PATH: at('ComfyUI'),
      HF_ENDPOINT: hub.address,
      PALIMPSEST_PROVIDER: 'cpu',
      ...options.env,
    },
  })
const json = async (args: readonly string[]) => {
  const { code, stdout, stderr } = await shell([...args, '--json'])
  expect([code, stderr.includes('went wrong')]).toEqual([0, false])
  return JSON.parse(stdout)
}

test('a folder is added, listed, read, moved and taken off the list', async () => {
  expect(await shell(['models', 'add', at('Soft Pencil')])).toMatchObject({ code: 0, stdout: '"Soft Pencil" was added.\n' })
  const listed = await shell(['models'])
  expect(listed.stdout).toMatch(/^restorer-mean {2}/)
  expect(listed.stdout).toMatch(/^folder-soft-pencil-[0-9a-f]{8} {2}Soft Pencil, \d+\.\d MB, folder, licence unknown$/m)
  expect((await shell(['models', 'verify', 'soft-pencil'])).stdout).toContain('There is nothing to compare it with.')
  renameSync(at('Soft Pencil'), at('moved'))
  expect((await shell(['models', 'list'])).stdout).toContain('! That model is not there.')
  expect(await shell(['models', 'relocate', 'soft pencil', at('moved')])).toMatchObject({ code: 0 })
  const { models } = await json(['models', 'remove', 'soft-pencil', '--files'])
  expect(models.every(({ source }: { source: string }) => source === 'built-in')).toBe(true)
  expect(existsSync(at('moved', 'unet', 'model.onnx'))).toBe(true)
})

test('a repository is searched for, fetched and made a picture with; the recipe names what it was made by', async () => {
  const { found } = await json(['models', 'search', 'pencil'])
  expect(found).toMatchObject([{ repository: NAME, licence: 'mit', problem: null }])
  const fetched = await shell(['models', 'download', NAME])
  expect(fetched).toMatchObject({ code: 0, stdout: `"${NAME}" was downloaded.\nIts licence: mit.\n` })
  expect(fetched.stderr).toMatch(/^Downloading .+ of .+ MB, \d+ %$/m)
  const { models } = await json(['models'])
  const model = models.find(({ source }: { source: string }) => source === 'downloaded')
  const args = ['generate', 'a cat', '--out', at('cat.png'), '--model', model.id, '--steps', '2', '--seed', '5', '--size', '32x16']
  const made = await json(args)
  expect(made).toMatchObject({ model: model.id, models: [{ id: model.id, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }], seed: 5 })
  expect(await sharp(at('cat.png')).metadata()).toMatchObject({ width: 32, height: 16 })
  await shell(['models', 'remove', model.id, '--files'])
  expect(readdirSync(at('library', 'models'))).toEqual([])
})

describe('what goes wrong is said in words and by the exit code', () => {
  test.each([
    [2, 'no action "paint"', ['paint']],
    [2, 'takes one thing', ['add']],
    [2, 'takes two things', ['relocate', 'x']],
    [2, 'is not like owner/name', ['download', '../../etc']],
    [2, 'no encrypted address', ['search', 'x', '--hub', 'http://hub.example']],
    [3, 'no model "nobody"', ['verify', 'nobody']],
    [3, 'There is no folder', ['add', 'gone']],
    [3, 'does not have that', ['download', 'painters/nothing']],
    [4, 'came with the studio', ['remove', 'restorer-flow']],
    [10, 'none lies in it', ['add', 'empty']],
  ])('%i: %s', async (code, words, args) => {
    mkdirSync(at('empty'))
    const outcome = await shell(['models', ...args.map((arg) => (/^(gone|empty)$/.test(arg) ? at(arg) : arg))])
    expect(outcome).toMatchObject({ code, stdout: '' })
    expect(outcome.stderr).toContain(words)
  })

  test('a name that several models have', async () => {
    for (const place of ['a', 'b']) writeTinyDiffusion(at(place, 'twin'))
    for (const place of ['a', 'b']) await shell(['models', 'add', at(place)])
    expect(await shell(['models', 'verify', 'twin'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Give the whole id.') })
  })
})

test('Ctrl-C ends a download, which is listed as unfinished; the same command ends it', async () => {
  hub.manners.silent = 1
  let sent = false
  const stop = (text: string, child: { kill(signal: NodeJS.Signals): void }) => {
    if (!sent && /\d %/.test(text)) child.kill('SIGINT')
    sent ||= /\d %/.test(text)
  }
  const stopped = await shell(['models', 'download', NAME], { onError: stop })
  expect(stopped).toMatchObject({ code: 130, stdout: '' })
  expect(stopped.stderr).toMatch(/Cancelled\. You stopped it\. What was fetched is kept: the same command goes on from there\.\n$/)
  expect((await shell(['models'])).stdout).toContain('! It was not downloaded to its end.')
  expect(await shell(['models', 'download', NAME])).toMatchObject({ code: 0 })
  expect((await shell(['models'])).stdout).not.toContain('!')
})

test('a model is tuned, and what was found is kept under its hash', async () => {
  await shell(['models', 'add', at('Soft Pencil')])
  const small = ['population=5', 'rounds=1', 'cases=1', 'heldOut=1', 'referenceSteps=10', 'guidance=1'].flatMap((pair) => ['--set', pair])
  const { notes, params } = await json(['tune', 'soft-pencil', 'steps', '--steps', '2', ...small])
  expect([params.steps, notes.length > 0]).toEqual([2, true])
  const [sha256] = readdirSync(at('library', 'tuned')) as [string]
  expect(readdirSync(at('library', 'tuned', sha256))).toContain('steps-2.json')
})

test('a search is described by its card, and refuses what it has not', async () => {
  await shell(['models', 'add', at('Soft Pencil')])
  expect(await shell(['tune', 'soft-pencil', 'colours'])).toMatchObject({ code: 2 })
  expect(await shell(['tune', 'soft-pencil', 'steps', '--set', 'steps=many'])).toMatchObject({ code: 2 })
  const misspelt = await shell(['tune', 'soft-pencil', 'steps', '--set', 'stepz=4'])
  expect(misspelt).toMatchObject({ code: 2, stderr: expect.stringMatching(/no setting "stepz"\. It has: steps, /) })
  expect((await shell(['tune', '--help'])).stdout).toMatch(/^ {2}transport {2,}\S/m)
  expect((await shell(['tune', 'x', 'steps', '--help'])).stdout).toMatch(/--population N .+4 to 200; default 16/)
})
