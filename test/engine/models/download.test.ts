import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hubOf, repositoryNamed } from '../../../main/engine/hub/hub.ts'
import type { ModelRequest } from '../../../preload/contract/models.ts'
import { writeTinyDiffusion } from '../../kit/tiny-diffusion.ts'
import { faultOf } from '../workshop.ts'
import { type Cabinet, IMPATIENT, openCabinet } from './cabinet.ts'
import { filesIn } from './files.ts'
import { type LocalHub, openHub } from './local-hub.ts'

const NAME = 'painters/soft-pencil'
const signal = new AbortController().signal
let cabinet: Cabinet
let hub: LocalHub
beforeEach(async () => {
  hub = await openHub(NAME, { licence: 'creativeml-openrail-m', elsewhere: true })
  cabinet = openCabinet()
  writeTinyDiffusion(cabinet.at('origin'), { beside: 'anything.bin' })
  writeFileSync(cabinet.at('origin', 'README.md'), '# Soft pencil')
  hub.take(cabinet.at('origin'))
  for (const waste of ['unet/diffusion_pytorch_model.safetensors', 'picture.png', 'unet/model_fp16.onnx', 'safety_checker/model.onnx'])
    hub.files.set(waste, Buffer.from('not needed'))
})
afterEach(async () => {
  cabinet[Symbol.dispose]()
  await hub[Symbol.asyncDispose]()
})

const ask = (): ModelRequest => ({ do: 'download', repository: NAME, revision: 'main', hub: hub.address })
const place = (...names: string[]) => cabinet.at('library', 'models', 'painters--soft-pencil', ...names)

describe('a repository', () => {
  test('is downloaded: what a pipeline needs, and nothing else; then it is a model of this machine', async () => {
    const told: number[] = []
    const { models, notes } = await cabinet.ask(ask(), { told: ({ done, of }) => of !== null && told.push(done / of) })
    expect(filesIn(place())).toEqual(filesIn(cabinet.at('origin')))
    for (const file of filesIn(place())) expect(readFileSync(place(file))).toEqual(hub.files.get(file))
    expect(models).toMatchObject([{ source: 'downloaded', title: NAME, licence: 'creativeml-openrail-m', problem: null, path: place() }])
    expect(notes).toEqual([`"${NAME}" was downloaded.`, 'Its licence: creativeml-openrail-m.'])
    expect(told.at(-1)).toBeGreaterThan(0.99)
    const id = models[0]?.id ?? ''
    // Large files were hashed while they came, and need not be read again.
    const known = Object.keys(JSON.parse(readFileSync(cabinet.at('library', 'hashes.json'), 'utf8')).files)
    expect(known.some((key) => key.startsWith(place('unet', 'model.onnx')))).toBe(true)
    const { sha256 } = await cabinet.open().folder(id, signal)
    expect((await cabinet.ask({ do: 'verify', model: id })).notes[0]).toMatch(/(\d+) files.* \1 are just as they were made/)
    expect((await cabinet.open().folder(id, signal)).sha256).toBe(sha256)
    expect((await cabinet.open().folder(id, signal)).folder.path).toBe(place())
  })

  test('is not fetched again, and keeps its id', async () => {
    const before = (await cabinet.ask(ask())).models[0]?.id
    hub.asked.length = 0
    expect((await cabinet.ask(ask())).models[0]?.id).toBe(before)
    expect(hub.asked.filter((path) => path.includes('/resolve/'))).toEqual([])
  })

  test('that changed is fetched where it changed, and loses what it no longer has', async () => {
    await cabinet.ask(ask())
    writeTinyDiffusion(cabinet.at('later'), { noEncoder: true, beside: 'anything.bin', padding: '!' })
    hub.files.clear()
    hub.take(cabinet.at('later'))
    hub.asked.length = 0
    await cabinet.ask(ask())
    expect(filesIn(place())).toEqual(filesIn(cabinet.at('later')))
    expect(hub.asked.filter((path) => path.includes('/resolve/')).map((path) => path.split('/').at(-1))).toEqual(['tokenizer_config.json'])
  })

  test('that holds no ONNX, or is not there, or is no name, is refused in words', async () => {
    const refusal = (repository: string) => faultOf(cabinet.ask({ ...ask(), repository } as ModelRequest))
    expect(await refusal('painters/nothing')).toMatchObject({ kind: 'missing', why: expect.stringContaining('or it is private') })
    expect(await faultOf(cabinet.ask({ ...ask(), revision: 'later' } as ModelRequest))).toMatchObject({
      kind: 'missing',
      todo: 'Check the name and the revision.',
    })
    for (const name of ['../etc', 'a/b/c', 'a/../b', '-x/y', '']) expect(await refusal(name)).toMatchObject({ kind: 'invalid' })
    hub.files.delete('unet/model.onnx')
    expect(await refusal(NAME)).toMatchObject({ kind: 'unsupported', why: 'It holds Stable Diffusion, but not as an ONNX export.' })
    expect(existsSync(cabinet.at('library', 'models'))).toBe(false)
  })

  test('whose files would lie outside its folder is not touched', async () => {
    for (const path of ['unet/..\\..\\..\\model.onnx.data', 'tokenizer/../../../x.json']) {
      hub.files.set(path, Buffer.from('evil'))
      await cabinet.ask(ask())
    }
    expect(filesIn(cabinet.at('library', 'models')).every((file) => hub.files.has(file.replace('painters--soft-pencil/', '')))).toBe(true)
    expect(readdirSync(cabinet.at('library')).sort()).toEqual(['hashes.json', 'library.json', 'models'])
  })
})

describe('a repository may be named', () => {
  const address = 'https://hub.example'
  const named = (text: string) => repositoryNamed(hubOf(address, { endpoint: undefined, token: undefined }), text)
  test.each([
    ['owner/name', 'owner/name', null],
    [' owner/name.v1-5 ', 'owner/name.v1-5', null],
    [`${address}/owner/name`, 'owner/name', null],
    [`${address}/owner/name/`, 'owner/name', null],
    [`${address}/owner/name/tree/onnx`, 'owner/name', 'onnx'],
    [`${address}/owner/name/tree/refs%2Fpr%2F1?x=y`, 'owner/name', 'refs/pr/1'],
  ])('%s', (text, name, revision) => expect(named(text)).toEqual({ name, revision }))
  test.each(['https://elsewhere.example/owner/name', `${address}/owner`, `${address}/owner/name/blob/main/x`, '../x', 'a/b/c', 'a b/c'])(
    'but not %s',
    (text) => expect(() => named(text)).toThrow('no name of a repository'),
  )

  test('by the address of its page, as people copy it', async () => {
    const { models } = await cabinet.ask({ ...ask(), repository: `${hub.address}/${NAME}/tree/main` } as ModelRequest)
    expect(models).toMatchObject([{ title: NAME, problem: null, path: place() }])
    expect((await cabinet.ask({ do: 'search', text: `${hub.address}/${NAME}`, hub: hub.address })).found[0]?.repository).toBe(NAME)
  })
})

describe('a download that ended early', () => {
  test('goes on where it was cut, over as many connections as it takes', async () => {
    const whole = statSync(cabinet.at('origin', 'tokenizer', 'vocab.json')).size
    hub.manners.cutAfter = Math.ceil(whole / 2)
    await cabinet.ask(ask())
    expect(readFileSync(place('tokenizer', 'vocab.json'))).toEqual(hub.files.get('tokenizer/vocab.json'))
    expect(hub.asked.some((path) => path.endsWith(`vocab.json bytes=${Math.ceil(whole / 2)}-`))).toBe(true)
  }, 60_000)

  test('when it was cancelled: it is listed as unfinished, what was begun stays, and it goes on from there', async () => {
    const stop = new AbortController()
    hub.manners.silent = 1
    const work = cabinet.ask(ask(), { signal: stop.signal, told: ({ done }) => done > 0 && stop.abort() })
    await expect(work).rejects.toMatchObject({ name: 'AbortError' })
    const [card] = await cabinet.open().cards(signal)
    expect(card).toMatchObject({ source: 'downloaded', problem: expect.stringContaining('not downloaded to its end') })
    expect(await faultOf(cabinet.open().folder(card?.id ?? '', signal))).toMatchObject({ kind: 'missing' })
    const [begun] = filesIn(place()) as [string]
    expect(begun).toMatch(/\.part$/)
    const size = statSync(place(begun)).size
    hub.asked.length = 0
    const { models } = await cabinet.ask(ask())
    expect(models[0]?.problem).toBeNull()
    expect(hub.asked.some((path) => path.endsWith(`${begun.replace('.part', '')} bytes=${size}-`))).toBe(true)
  })

  test('where the hub falls silent is taken up again', async () => {
    using impatient = openCabinet({ hub: IMPATIENT })
    hub.manners.silent = 2
    expect((await impatient.ask(ask())).models[0]?.problem).toBeNull()
    expect(hub.asked.some((path) => / bytes=\d+-$/.test(path))).toBe(true)
  })

  test('goes on with a hub that sends whole files alone, and with a beginning that is of another file', async () => {
    using impatient = openCabinet({ hub: IMPATIENT })
    hub.manners.isPlain = true
    hub.manners.silent = 1
    expect((await impatient.ask(ask())).models[0]?.problem).toBeNull()
    mkdirSync(place('unet'), { recursive: true })
    writeFileSync(place('unet', 'model.onnx.part'), 'of another file')
    hub.manners.isPlain = false
    expect((await cabinet.ask(ask())).models[0]?.problem).toBeNull()
  })
})

describe('a hub', () => {
  test('that is overloaded for a while is asked again, and given up when it stays so', async () => {
    hub.manners.failing = { status: 503, times: 2 }
    expect((await cabinet.ask(ask())).models[0]?.problem).toBeNull()
    hub.manners.failing = { status: 429, times: 100 }
    expect(await faultOf(cabinet.ask(ask()))).toMatchObject({ kind: 'engine', why: expect.stringContaining('429') })
  })

  test('that is not there is told with what to do', async () => {
    const gone = { ...ask(), hub: 'http://127.0.0.1:9' } as ModelRequest
    expect(await faultOf(cabinet.ask(gone))).toMatchObject({ kind: 'engine', what: 'The hub cannot be reached.' })
  })

  test('that sends something else than it promised is not believed', async () => {
    const graph = Buffer.from(hub.files.get('unet/model.onnx') ?? [])
    graph[graph.length - 1] = (graph.at(-1) ?? 0) ^ 1
    hub.manners.lies = new Map([['unet/model.onnx', graph]])
    expect(await faultOf(cabinet.ask(ask()))).toMatchObject({ kind: 'damaged', what: '"model.onnx" was not downloaded.' })
    expect(filesIn(place()).filter((file) => file.startsWith('unet/model'))).toEqual([])
  })

  test('that is closed opens for its token, which nobody else is told', async () => {
    hub.manners.token = 'secret'
    expect(await faultOf(cabinet.ask(ask()))).toMatchObject({ kind: 'refused', why: expect.stringContaining('HF_TOKEN') })
    using unknown = openCabinet({ hub: { endpoint: hub.address, token: 'another' } })
    expect(await faultOf(unknown.ask({ do: 'download', repository: NAME, revision: 'main' }))).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('Your token does not open it'),
    })
    using trusted = openCabinet({ hub: { endpoint: hub.address, token: 'secret' } })
    hub.asked.length = 0
    hub.tokens.length = 0
    expect((await trusted.ask({ do: 'download', repository: NAME, revision: 'main' })).models[0]?.problem).toBeNull()
    const told = hub.asked.map((path, i) => [path.startsWith('/blobs/'), hub.tokens[i]])
    expect(told.filter(([isElsewhere, token]) => (token === undefined) !== isElsewhere)).toEqual([])
    expect(told.some(([isElsewhere]) => isElsewhere)).toBe(true)
    using other = openCabinet({ hub: { endpoint: 'https://hub.example', token: 'secret' } })
    hub.tokens.length = 0
    await faultOf(other.ask(ask()))
    expect(hub.tokens).toEqual([undefined])
  })

  test.each(['unet/model.onnx', 'unet/anything.bin'])('that does not tell how long %s is is not believed', async (unmeasured) => {
    hub.manners.unmeasured = unmeasured
    expect(await faultOf(cabinet.ask(ask()))).toMatchObject({ kind: 'engine', why: `It does not tell how long ${unmeasured} is.` })
    expect(existsSync(place(unmeasured))).toBe(false)
  })

  test.each(['http://hub.example', 'ftp://127.0.0.1', 'file:///etc'])('at %s is not asked', async (address) => {
    expect(await faultOf(cabinet.ask({ ...ask(), hub: address } as ModelRequest))).toMatchObject({ kind: 'invalid' })
  })

  test('is searched: those that can be used come first, each other with its reason', async () => {
    const { found } = await cabinet.ask({ do: 'search', text: '', hub: hub.address })
    const words = { repository: 'somebody/words', licence: 'apache-2.0', bytes: null, downloads: 900 }
    expect(found).toEqual([
      { repository: NAME, licence: 'creativeml-openrail-m', bytes: null, downloads: 12, problem: null },
      { ...words, problem: 'It holds no Stable Diffusion model in ONNX.' },
    ])
    hub.manners.token = 'secret'
    const closed = await cabinet.ask({ do: 'search', text: 'pencil', hub: hub.address })
    expect(closed.found).toMatchObject([{ repository: NAME, problem: expect.stringContaining('HF_TOKEN') }])
    delete hub.manners.token
    const exact = await cabinet.ask({ do: 'search', text: NAME, hub: hub.address })
    const bytes = filesIn(cabinet.at('origin')).reduce((sum, file) => sum + statSync(cabinet.at('origin', file)).size, 0)
    expect(exact.found).toMatchObject([{ repository: NAME, bytes: expect.any(Number), problem: null }])
    expect(exact.found[0]?.bytes).toBeLessThanOrEqual(bytes)
  })
})

describe('remove', () => {
  test('deletes what was downloaded, where it is asked to, even what was not finished', async () => {
    const { models } = await cabinet.ask(ask())
    const id = models[0]?.id ?? ''
    await cabinet.ask({ do: 'remove', model: id, files: false })
    expect([await cabinet.open().cards(signal), existsSync(place())]).toEqual([[], true])
    await cabinet.ask(ask())
    expect((await cabinet.ask({ do: 'remove', model: id, files: true })).models).toEqual([])
    expect(existsSync(place())).toBe(false)
    hub.manners.lies = new Map([['unet/model.onnx', Buffer.from('x')]])
    await faultOf(cabinet.ask(ask()))
    expect((await cabinet.ask({ do: 'remove', model: id, files: true })).models).toEqual([])
    expect(existsSync(place())).toBe(false)
  })
})
