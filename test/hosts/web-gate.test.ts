import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWebHost, type WebHost } from '../../main/hosts/web/server.ts'
import { PROJECT, shelf } from './shelf.ts'
import { enter, visit } from './visitor.ts'

const LIMIT = 1_000_000
const studio = shelf()
const pixels = Buffer.from(Array.from({ length: 5000 }, (_, i) => i % 7))
const blob = studio.put(pixels)
let folder: string
let host: WebHost
let port: number
let cookie: string
let origin: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-web-'))
  await writeFile(join(folder, 'secret.html'), 'not for the page')
  await mkdir(join(folder, 'page', 'assets'), { recursive: true })
  await writeFile(join(folder, 'page', 'index.html'), '<!doctype html><title>Palimpsest</title>')
  await writeFile(join(folder, 'page', 'assets', 'main-3fd2.js'), 'export {}')
  host = await startWebHost({ studio, pageFolder: join(folder, 'page'), port: 0, uploadLimit: LIMIT })
  ;({ port, cookie, origin } = await enter(host.address))
})
afterAll(async () => {
  await host[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const inside = (headers: Record<string, string> = {}) => ({ headers: { cookie, ...headers } })
const kind = ({ body }: { body: Buffer }): string => JSON.parse(body.toString()).kind

describe('the token', () => {
  test('is exchanged once for a cookie that scripts and other sites never get', async () => {
    await using other = await startWebHost({ studio, pageFolder: join(folder, 'page'), port: 0, uploadLimit: LIMIT })
    const { pathname, search } = new URL(other.address)
    const first = await visit(other.port, pathname + search)
    expect(first.status).toBe(303)
    expect(first.headers.location).toBe('/')
    expect(first.headers['set-cookie']?.[0]).toMatch(new RegExp(`^palimpsest-${other.port}=[\\w-]{43}; HttpOnly; SameSite=Strict; Path=/$`))
    const second = await visit(other.port, pathname + search)
    expect([second.status, second.headers['set-cookie'], kind(second)]).toEqual([403, undefined, 'refused'])
    const [own = ''] = first.headers['set-cookie'] ?? []
    const again = await visit(other.port, pathname + search, { headers: { cookie: own.split(';')[0] ?? '' } })
    expect(again.status).toBe(303)
  })

  test('must be whole', async () => {
    await using other = await startWebHost({ studio, pageFolder: join(folder, 'page'), port: 0, uploadLimit: LIMIT })
    const { search } = new URL(other.address)
    for (const path of ['/?token=', `/${search.slice(0, -1)}`, `/${search}x`, `/index.html${search}`])
      expect((await visit(other.port, path)).status).toBe(403)
    expect((await visit(other.port, `/${search}`)).status).toBe(303)
  })
})

describe('nobody gets in', () => {
  test.each(['/', '/index.html', '/assets/main-3fd2.js', `/blob/${PROJECT}/${blob}`])('without a cookie to %s', async (path) => {
    expect((await visit(port, path)).status).toBe(403)
    expect((await visit(port, path, { headers: { cookie: `palimpsest-${port}=guess` } })).status).toBe(403)
    expect((await visit(port, path, inside())).status).toBe(200)
  })

  test.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', '[::1]', 'localhost.evil.example'])(
    'by the name %s',
    async (name) => {
      expect((await visit(port, '/', inside({ host: name }))).status).toBe(403)
    },
  )

  test('by a name of ours, it does', async () => {
    expect((await visit(port, '/', inside({ host: `localhost:${port}` }))).status).toBe(200)
  })

  test.each([undefined, 'null', 'http://evil.example', 'http://127.0.0.1', 'https://127.0.0.1'])('with an upload from %s', async (from) => {
    const answer = await visit(port, '/upload', { method: 'POST', body: pixels, ...inside(from === undefined ? {} : { origin: from }) })
    expect([answer.status, kind(answer)]).toEqual([403, 'refused'])
    expect(studio.uploads).toEqual([])
  })

  test('from another machine: it listens on 127.0.0.1 alone', async () => {
    const taken = await new Promise<string>((resolve) => {
      const probe = createServer().on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
      probe.listen({ host: '127.0.0.2', port }, () => probe.close(() => resolve('free')))
    })
    expect(taken).toBe('free')
  })
})

describe('every answer', () => {
  test.each(['/', '/nothing', '/?token=bad'])('to %s carries the security headers and no word to other sites', async (path) => {
    for (const options of [inside(), {}]) {
      const { headers } = await visit(port, path, options)
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
      expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      })
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })
})

describe('the page', () => {
  test('comes whole; only what has a hash in its name is kept', async () => {
    const index = await visit(port, '/', inside())
    expect([index.body.toString(), index.headers['content-type'], index.headers['cache-control']]).toEqual([
      '<!doctype html><title>Palimpsest</title>',
      'text/html; charset=utf-8',
      'no-store',
    ])
    const script = await visit(port, '/assets/main-3fd2.js', inside())
    expect([script.headers['content-type'], script.headers['cache-control']]).toEqual([
      'text/javascript; charset=utf-8',
      'private, max-age=31536000, immutable',
    ])
  })

  test.each([
    '/../secret.html',
    '/..%2fsecret.html',
    '/%2e%2e/secret.html',
    '/assets/..%2f..%2fsecret.html',
    '/..%5csecret.html',
    '/%00.html',
    '/index.html%00.js',
    '/%E0%A4%A',
    '//evil.example/',
    '/page/../../secret.html',
    '/etc/passwd',
    '/assets/',
  ])('holds nothing at %s', async (path) => {
    const answer = await visit(port, path, inside())
    expect([answer.status, kind(answer)]).toEqual([404, 'missing'])
  })

  test('answers only what it understands', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect((await visit(port, '/', { method, ...inside({ origin }) })).status).toBe(405)
    expect((await visit(port, '/upload', inside())).status).toBe(405)
    expect(await visit(port, '/', { method: 'HEAD', ...inside() })).toMatchObject({ status: 200, body: Buffer.alloc(0) })
  })

  test('is missed in plain words where it was not built', async () => {
    await using empty = await startWebHost({ studio, pageFolder: join(folder, 'empty'), port: 0, uploadLimit: LIMIT })
    const own = await enter(empty.address)
    const answer = await visit(own.port, '/', { headers: { cookie: own.cookie } })
    expect([answer.status, JSON.parse(answer.body.toString()).todo]).toEqual([404, 'Run "npm run build", then load it again.'])
  })
})

test('a port that is taken is told in plain words', async () => {
  await expect(startWebHost({ studio, pageFolder: folder, port, uploadLimit: LIMIT })).rejects.toMatchObject({
    fault: { kind: 'busy', why: `Another program uses port ${port}.` },
  })
})
