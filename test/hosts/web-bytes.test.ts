import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acceptsZstd, attachment } from '../../main/hosts/site.ts'
import { startWebHost, type WebHost } from '../../main/hosts/web/server.ts'
import type { ProjectId } from '../../preload/contract/ids.ts'
import { PROJECT, shelf } from './shelf.ts'
import { enter, visit } from './visitor.ts'

const LIMIT = 1_000_000
const studio = shelf()
const pixels = Buffer.from(Array.from({ length: 5000 }, (_, i) => i % 7))
const blob = studio.put(pixels)
const path = `/blob/${PROJECT}/${blob}`
let folder: string
let host: WebHost
let port: number
let headers: Record<string, string>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-web-'))
  host = await startWebHost({ studio, pageFolder: folder, port: 0, uploadLimit: LIMIT })
  const own = await enter(host.address)
  port = own.port
  headers = { cookie: own.cookie, origin: own.origin }
})
afterAll(async () => {
  await host[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

describe('a blob', () => {
  test('travels as it is stored where zstd is understood, plain elsewhere', async () => {
    const small = await visit(port, path, { headers: { ...headers, 'accept-encoding': 'gzip, deflate, br, zstd' } })
    expect([small.status, small.headers['content-encoding']]).toEqual([200, 'zstd'])
    expect(zstdDecompressSync(small.body)).toEqual(pixels)
    expect(small.body.length).toBeLessThan(pixels.length / 10)
    const plain = await visit(port, path, { headers })
    expect([plain.headers['content-encoding'], plain.body.equals(pixels)]).toEqual([undefined, true])
    expect(plain.headers).toMatchObject({ 'cache-control': 'private, max-age=31536000, immutable', vary: 'accept-encoding' })
  })

  test('calls itself a picture only by a type that cannot run', async () => {
    const typeOf = async (query: string) => (await visit(port, path + query, { headers })).headers['content-type']
    expect(await typeOf('')).toBe('application/octet-stream')
    expect(await typeOf('?type=image/png')).toBe('image/png')
    for (const type of ['text/html', 'image/svg+xml', 'application/javascript', 'image/png;charset=x', '%0d%0aset-cookie:a=b'])
      expect(await typeOf(`?type=${type}`)).toBe('application/octet-stream')
    const { headers: sent } = await visit(port, `${path}?type=image/png`, { headers })
    expect(sent['content-security-policy']).toBe("default-src 'none'; sandbox")
  })

  test('downloads under a name that is no path and no header', async () => {
    const answer = await visit(port, `${path}?download=${encodeURIComponent('../Ä "b"\r\nx: y.png')}`, { headers })
    expect(answer.headers['content-disposition']).toBe(
      `attachment; filename=".._Ä _b___x: y.png"; filename*=UTF-8''.._%C3%84%20%22b%22__x%3A%20y.png`.replace('Ä', '_'),
    )
    expect(answer.headers.x).toBeUndefined()
  })

  test('is there only while its project is open, and only by its whole name', async () => {
    for (const other of [
      `/blob/${PROJECT}/${blob.slice(0, -1)}`,
      `/blob/${PROJECT}/${blob.toUpperCase()}`,
      `/blob/${PROJECT}/${'0'.repeat(64)}`,
      `/blob/${PROJECT.replace('0', '1')}/${blob}`,
      `/blob/${PROJECT}/../${blob}`,
      `/blob/x/${blob}`,
    ])
      expect((await visit(port, other, { headers })).status).toBe(404)
    studio.open.delete(PROJECT)
    expect((await visit(port, path, { headers })).status).toBe(404)
    studio.open.add(PROJECT)
    expect((await visit(port, path, { headers })).status).toBe(200)
  })
})

describe('an upload', () => {
  const post = (body: Buffer | Iterable<Buffer>, query = '', more: Record<string, string> = {}) =>
    visit(port, `/upload${query}`, { method: 'POST', body, headers: { ...headers, ...more } })

  test('is taken in, and becomes a blob of the project it names', async () => {
    const alone = await post(pixels)
    expect([alone.status, JSON.parse(alone.body.toString())]).toEqual([200, { upload: 'first', blob: null }])
    const named = await post(Buffer.from('a picture'), `?project=${PROJECT}`)
    const { blob: made } = JSON.parse(named.body.toString())
    expect((await visit(port, `/blob/${PROJECT}/${made}`, { headers })).body.toString()).toBe('a picture')
  })

  test('may be empty, and may be exactly as large as allowed', async () => {
    expect((await post(Buffer.alloc(0))).status).toBe(200)
    expect((await post(Buffer.alloc(LIMIT))).status).toBe(200)
    expect(studio.uploads.slice(-2)).toEqual([0, LIMIT])
  })

  test('is refused when it says that it is too large, and when it turns out to be', async () => {
    const said = await post(Buffer.alloc(LIMIT + 1))
    const chunks = Array.from({ length: 40 }, () => Buffer.alloc(100_000))
    const found = await post(chunks, '', { 'transfer-encoding': 'chunked' })
    for (const answer of [said, found]) {
      expect([answer.status, JSON.parse(answer.body.toString())]).toMatchObject([413, { kind: 'refused', why: 'It has more than 1 MB.' }])
    }
  })

  test('for a project that is not open, or not a project, is refused', async () => {
    const closed = PROJECT.replace('0', '1') as ProjectId
    expect((await post(pixels, `?project=${closed}`)).status).toBe(404)
    expect((await post(pixels, '?project=../x')).status).toBe(400)
  })

  test('that breaks off hurts nobody', async () => {
    const socket = connect(port, '127.0.0.1')
    const head = Object.entries({ ...headers, host: `127.0.0.1:${port}`, 'content-length': '500000' }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    )
    await new Promise<void>((resolve) => socket.write(`POST /upload HTTP/1.1\r\n${head.join('')}\r\nhalf`, () => resolve()))
    const gone = new Promise((resolve) => socket.once('close', resolve))
    socket.resetAndDestroy()
    await gone
    expect((await visit(port, path, { headers })).status).toBe(200)
  })
})

test('zstd is sent only to those who take it', () => {
  expect(['zstd', 'gzip, zstd', 'br;q=1, ZSTD;q=0.5'].map(acceptsZstd)).toEqual([true, true, true])
  expect(['', 'gzip', 'zstdx', 'zstd;q=0', 'zstd; q=0.0', '*'].map(acceptsZstd)).toEqual([false, false, false, false, false, false])
})

test('a download without a name gets one', () => {
  expect(attachment('')).toBe(`attachment; filename="picture"; filename*=UTF-8''picture`)
})
