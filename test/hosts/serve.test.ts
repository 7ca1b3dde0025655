import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { socketWire } from '../../main/hosts/web/socket-wire.ts'
import type { Client } from '../../preload/contract/call.ts'
import { blobPath, studio as contract, type Studio } from '../../preload/contract/studio.ts'
import { connect } from '../../preload/wire/connect.ts'
import { palimpsest } from './terminal.ts'
import { enter, visit } from './visitor.ts'

const PROGRAM = join(import.meta.dirname, '../../main/hosts/palimpsest.ts')
let folder: string
let server: ChildProcess
let port: number
let headers: Record<string, string>
let client: Client<Studio>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-serve-'))
  server = spawn(process.execPath, [PROGRAM, 'serve', '--data', folder, '--upload-limit', '1', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(server.stdout as NodeJS.ReadableStream, 'data')
  const own = await enter(JSON.parse(String(line)).address)
  port = own.port
  headers = { cookie: own.cookie, origin: own.origin }
  const socket = new WebSocket(`ws://127.0.0.1:${port}/wire`, { headers })
  await once(socket, 'open')
  client = connect(contract, socketWire(socket))
})
afterAll(async () => {
  server.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

test('a picture handed over becomes a project; its blobs are served until it is closed', async () => {
  const picture = await sharp({ create: { width: 20, height: 10, channels: 3, background: '#336699' } })
    .png()
    .toBuffer()
  const answer = await visit(port, '/upload', { method: 'POST', body: picture, headers })
  const { upload } = JSON.parse(answer.body.toString())
  const { file, document } = await client.open({ from: 'upload', upload, name: 'blue.png' })
  expect(document).toMatchObject({ width: 20, height: 10, layers: [{ name: 'blue' }] })
  const index = document.layers[0]?.pixels?.index
  if (!index) throw new Error('The layer has no pixels.')
  const path = blobPath(file.id, index)
  const held = await visit(port, path, { headers })
  expect([held.status, held.body.subarray(0, 4).toString()]).toEqual([200, 'PTI1'])
  await client.close({ project: file.id })
  expect((await visit(port, path, { headers })).status).toBe(404)
})

test('an export downloads under its name', async () => {
  const { file } = await client.open({ from: 'size', width: 8, height: 8, background: [1, 2, 3] })
  const run = client.run({ project: file.id, command: { type: 'picture.export', format: 'png' } })
  let next = await run.next()
  while (!next.done) next = await run.next()
  const made = next.value.file
  if (!made?.blob) throw new Error('The export made no blob.')
  const answer = await visit(port, `${blobPath(file.id, made.blob)}?type=${made.type}&download=${made.name}`, { headers })
  expect(answer.headers).toMatchObject({
    'content-type': 'image/png',
    'content-disposition': expect.stringContaining(`filename="${made.name}"`),
  })
  expect(await sharp(answer.body).metadata()).toMatchObject({ width: 8, height: 8 })
})

test('an upload over the limit is refused by the studio itself', async () => {
  const answer = await visit(port, '/upload', {
    method: 'POST',
    body: Array.from({ length: 11 }, () => Buffer.alloc(100_000)),
    headers: { ...headers, 'transfer-encoding': 'chunked' },
  })
  expect([answer.status, JSON.parse(answer.body.toString()).kind]).toEqual([413, 'refused'])
})

test('samples are offered and open', async () => {
  const { samples, host } = await client.catalog({})
  expect([host, samples.map(({ id }) => id)]).toEqual(['web', ['damaged-photograph', 'still-life']])
  const { document } = await client.open({ from: 'sample', sample: 'still-life' })
  expect(document).toMatchObject({ width: 960, height: 720 })
})

test('a port that is taken, and wrong options, end it with words', async () => {
  const taken = await palimpsest(['serve', '--data', folder, '--port', String(port), '--no-open'])
  expect(taken).toMatchObject({ code: 5, stderr: expect.stringContaining(`Another program uses port ${port}.`) })
  for (const args of [['--port', '99999'], ['--port', 'x'], ['--nothing'], ['a.png', 'b.png']])
    expect(await palimpsest(['serve', ...args])).toMatchObject({ code: 2, stdout: '' })
  const nothing = await palimpsest(['serve', join(folder, 'nothing.png'), '--data', join(folder, 'other')])
  expect(nothing).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('nothing.png') })
})

test('SIGTERM ends it cleanly', async () => {
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})
