import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startWebHost, type WebHost, WIRE_PATH } from '../../main/hosts/web/server.ts'
import { shelf } from './shelf.ts'
import { enter } from './visitor.ts'

let host: WebHost
let cookie: string
let origin: string

beforeAll(async () => {
  host = await startWebHost({ studio: shelf(), pageFolder: '/nowhere', port: 0, uploadLimit: 1000 })
  ;({ cookie, origin } = await enter(host.address))
})
afterAll(() => host[Symbol.asyncDispose]())

const socket = (path = WIRE_PATH, headers: Record<string, string> = {}) =>
  new WebSocket(`ws://127.0.0.1:${host.port}${path}`, { headers: { cookie, origin, ...headers } })

/** The status a socket was refused with, or 101. */
const statusOf = (asked: WebSocket) =>
  new Promise<number>((resolve) => {
    asked.on('open', () => {
      asked.close()
      resolve(101)
    })
    asked.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    asked.on('error', () => {})
  })

const open = (asked: WebSocket) => new Promise<void>((resolve, reject) => asked.on('open', resolve).on('error', reject))
const next = (from: WebSocket) => new Promise<unknown>((resolve) => from.once('message', (data) => resolve(JSON.parse(String(data)))))
const closed = (from: WebSocket) => new Promise<number>((resolve) => from.once('close', (code) => resolve(code)))

describe('the upgrade', () => {
  test('is given to the page alone', async () => {
    expect(await statusOf(socket())).toBe(101)
    expect(await statusOf(socket(WIRE_PATH, { host: `localhost:${host.port}`, origin: `http://localhost:${host.port}` }))).toBe(101)
  })

  test.each([
    ['no cookie', { cookie: '' }],
    ['another cookie', { cookie: 'palimpsest-1=x' }],
    ['another site', { origin: 'http://evil.example' }],
    ['no site', { origin: '' }],
    ['our other name, which is another site', { origin: 'http://localhost' }],
    ['another name', { host: 'evil.example' }],
  ])('is refused with %s', async (_words, headers) => {
    expect(await statusOf(socket(WIRE_PATH, headers))).toBe(403)
  })

  test('is refused elsewhere than at the wire, and by a token', async () => {
    expect(await statusOf(socket('/'))).toBe(404)
    expect(await statusOf(socket('//'))).toBe(404)
    expect(await statusOf(socket(`${WIRE_PATH}?token=x`, { cookie: '' }))).toBe(403)
  })
})

describe('the wire', () => {
  test('answers calls; junk is answered or ignored', async () => {
    const wire = socket()
    await open(wire)
    for (const junk of ['', '{', 'null', '[]', '"call"', '{"type":"call"}', '{"type":"nothing"}']) wire.send(junk)
    wire.send(Buffer.from([0, 1, 2, 255]))
    const refused = next(wire)
    wire.send(JSON.stringify({ type: 'call', id: 3, name: 'constructor', input: {} }))
    expect(await refused).toMatchObject({ type: 'fault', id: 3, fault: { kind: 'invalid' } })
    const answered = next(wire)
    wire.send(JSON.stringify({ type: 'call', id: 4, name: 'catalog', input: {} }))
    expect(await answered).toMatchObject({ type: 'return', id: 4, value: { formats: ['png'] } })
    wire.close()
  })

  test('ends for whoever sends more than four megabytes at once; the next is served', async () => {
    const wire = socket()
    await open(wire)
    const ended = closed(wire)
    wire.on('error', () => {})
    wire.send('x'.repeat(5 * 1024 * 1024))
    expect(await ended).toBe(1009)
    expect(await statusOf(socket())).toBe(101)
  })

  test('ends with the host', async () => {
    const other = await startWebHost({ studio: shelf(), pageFolder: '/nowhere', port: 0, uploadLimit: 1000 })
    const own = await enter(other.address)
    const wire = new WebSocket(`ws://127.0.0.1:${other.port}${WIRE_PATH}`, { headers: { cookie: own.cookie, origin: own.origin } })
    await open(wire)
    wire.send(JSON.stringify({ type: 'call', id: 1, name: 'watch', input: { project: '0b6f3c1e-8a54-4d0e-9b7a-3f2c5d6e7a81' } }))
    expect(await next(wire)).toMatchObject({ type: 'value', id: 1 })
    const ended = closed(wire)
    await other[Symbol.asyncDispose]()
    expect(await ended).toBe(1006)
  })
})
