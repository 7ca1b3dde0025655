import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { downloadFile } from '../../../main/engine/hub/download-file.ts'
import { hubOf } from '../../../main/engine/hub/hub.ts'
import type { ModelRequest } from '../../../preload/contract/models.ts'
import { writeTinyDiffusion } from '../../kit/tiny-diffusion.ts'
import { faultOf } from '../workshop.ts'
import { openCabinet } from './cabinet.ts'
import { openHub } from './local-hub.ts'
import { smallDisk } from './small-disk.ts'

const NAME = 'painters/soft-pencil'
const signal = new AbortController().signal
const disks = [smallDisk(), smallDisk()] as const
const [disk, other] = disks
afterAll(() => {
  for (const each of disks) each?.[Symbol.dispose]()
})

test.skipIf(!disk)('a disk that fills up keeps what was fetched (skipped where no small disk can be mounted)', async () => {
  await using server = await openHub(NAME)
  const bytes = Buffer.alloc(100_000, 7)
  server.files.set('unet/model.onnx', bytes)
  const hub = hubOf(server.address, { endpoint: undefined, token: undefined, patience: { pauses: [1], silence: 1000 } })
  const address = `${server.address}/${NAME}/resolve/${'c'.repeat(40)}/unet/model.onnx`
  const checksum = { kind: 'sha256' as const, hex: createHash('sha256').update(bytes).digest('hex') }
  const target = join(disk?.path ?? '', 'model.onnx')
  const fetching = downloadFile(hub, address, { path: 'unet/model.onnx', bytes: bytes.length, checksum }, target, () => undefined, signal)
  expect(await faultOf(fetching)).toMatchObject({ kind: 'full', todo: expect.stringContaining('what was fetched is kept') })
  expect(statSync(`${target}.part`).size).toBeGreaterThan(0)
})

test.skipIf(!other)('a disk that is too small is told before anything is fetched', async () => {
  await using server = await openHub(NAME)
  using cabinet = openCabinet({ library: join(other?.path ?? '', 'library') })
  writeTinyDiffusion(cabinet.at('origin'))
  server.take(cabinet.at('origin'))
  const request: ModelRequest = { do: 'download', repository: NAME, revision: 'main', hub: server.address }
  expect(await faultOf(cabinet.ask(request))).toMatchObject({ kind: 'full', why: expect.stringContaining('GB free') })
  expect(server.asked.filter((path) => path.includes('/resolve/'))).toEqual([])
})

test('what two ask for at once is downloaded once; what a process left behind is taken over', async () => {
  await using server = await openHub(NAME)
  using cabinet = openCabinet()
  writeTinyDiffusion(cabinet.at('origin'))
  server.take(cabinet.at('origin'))
  const request: ModelRequest = { do: 'download', repository: NAME, revision: 'main', hub: server.address }
  const lock = cabinet.at('library', 'models', 'painters--soft-pencil', '.downloading')
  const both = await Promise.allSettled([cabinet.ask(request), cabinet.ask(request)])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { fault: { kind: 'busy' } } })
  // Process 1 runs as long as the system does; no process has the other number.
  writeFileSync(lock, '1')
  expect(await faultOf(cabinet.ask(request))).toMatchObject({ kind: 'busy' })
  const [card] = await cabinet.open().cards(signal)
  expect(await faultOf(cabinet.ask({ do: 'remove', model: card?.id ?? '', files: true }))).toMatchObject({ kind: 'busy' })
  writeFileSync(lock, '99999999')
  expect((await cabinet.ask(request)).models[0]?.problem).toBeNull()
})

test('changes of the list that come at once are all kept, and a list that cannot be read is left alone', async () => {
  using cabinet = openCabinet()
  const names = ['a', 'b', 'c', 'd']
  for (const name of names) writeTinyDiffusion(cabinet.at(name))
  await Promise.all(names.map((name) => cabinet.ask({ do: 'add', path: cabinet.at(name) })))
  expect((await cabinet.open().cards(signal)).map(({ title }) => title).sort()).toEqual(names)
  writeFileSync(cabinet.at('library', 'library.json'), '{"entries": 7}')
  mkdirSync(cabinet.at('e'))
  expect(await faultOf(cabinet.ask({ do: 'add', path: cabinet.at('a') }))).toMatchObject({ kind: 'damaged' })
  expect((await cabinet.ask({ do: 'list' })).notes).toEqual([expect.stringContaining('The list of your models cannot be read.')])
  expect(readFileSync(cabinet.at('library', 'library.json'), 'utf8')).toBe('{"entries": 7}')
})
