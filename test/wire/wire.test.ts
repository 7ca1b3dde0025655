import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ask, DISCONNECTED, type Service, watch } from '../../preload/contract/call.ts'
import { fault } from '../../preload/contract/fault.ts'
import { connect, pair, type Reply, serve, type Wire } from '../../preload/wire/index.ts'

const contract = {
  double: ask(z.object({ n: z.number() }), z.number()),
  fail: ask(z.object({ how: z.enum(['fault', 'error', 'string', 'nothing']) }), z.null()),
  count: watch(z.object({ to: z.int() }), z.number(), z.string()),
  wait: watch(z.object({}), z.string(), z.string()),
  unclonable: ask(z.object({}), z.any()),
}

/** The service, and the reasons its waiting calls were stopped for. */
function service() {
  const stopped: unknown[] = []
  const counting: Service<typeof contract> = {
    double: async ({ n }) => n * 2,
    async fail({ how }) {
      if (how === 'fault') throw fault('full', 'No space.', 'The disk is full.', 'Free some.')
      if (how === 'error') throw new TypeError('a defect')
      throw how === 'string' ? 'words' : undefined
    },
    async *count({ to }) {
      for (let n = 1; n <= to; n++) yield n
      return `counted to ${to}`
    },
    async *wait(_, signal) {
      yield 'waiting'
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      stopped.push(signal.reason)
      throw fault('cancelled', 'Cancelled.', 'It was asked for.', 'Ask again.')
    },
    unclonable: async () => () => 0,
  }
  return { counting, stopped }
}

function connected() {
  const [near, far] = pair()
  const { counting, stopped } = service()
  serve(contract, counting, far)
  return { client: connect(contract, near), near, stopped }
}

/** A bare end of a wire and everything that came back on it. */
function bare() {
  const [near, far] = pair()
  const { counting, stopped } = service()
  serve(contract, counting, far)
  const replies: Reply[] = []
  near.receive((reply) => replies.push(reply as Reply))
  return { near, replies, stopped }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

test('a question has one answer, a watch its values and one return', async () => {
  const { client } = connected()
  expect(await client.double({ n: 21 })).toBe(42)
  const values: number[] = []
  const counting = client.count({ to: 3 })
  let next = await counting.next()
  for (; !next.done; next = await counting.next()) values.push(next.value)
  expect([values, next.value]).toEqual([[1, 2, 3], 'counted to 3'])
})

test('what a service throws arrives as a fault', async () => {
  const { client } = connected()
  const kindOf = (how: 'fault' | 'error' | 'string' | 'nothing') =>
    client.fail({ how }).catch((thrown) => [thrown.fault.kind, thrown.fault.why])
  expect(await kindOf('fault')).toEqual(['full', 'The disk is full.'])
  expect(await kindOf('error')).toEqual(['internal', 'a defect'])
  expect(await kindOf('string')).toEqual(['internal', 'words'])
  expect(await kindOf('nothing')).toEqual(['internal', 'undefined'])
  await expect(client.double({ n: 'two' as never })).rejects.toMatchObject({ fault: { kind: 'invalid' } })
})

test('an abort, or leaving the loop, cancels at the callee', async () => {
  const { client, stopped } = connected()
  const controller = new AbortController()
  const waiting = client.wait({}, controller.signal)
  expect((await waiting.next()).value).toBe('waiting')
  controller.abort()
  await expect(waiting.next()).rejects.toMatchObject({ fault: { kind: 'cancelled' } })
  for await (const _ of client.wait({})) break
  await settle()
  expect(stopped).toHaveLength(2)
  expect(stopped).not.toContain(DISCONNECTED)
})

test('a lost wire stops its calls with a reason of its own, and fails those who wait', async () => {
  const { client, near, stopped } = connected()
  const waiting = client.wait({})
  await waiting.next()
  near.close()
  await expect(waiting.next()).rejects.toMatchObject({ fault: { kind: 'engine' } })
  await settle()
  expect(stopped).toEqual([DISCONNECTED])
  await expect(client.double({ n: 1 })).rejects.toMatchObject({ fault: { kind: 'engine' } })
})

test('numbers in use, unknown calls and cancels of nothing harm nobody', async () => {
  const { near, replies } = bare()
  near.send({ type: 'cancel', id: 7 })
  near.send({ type: 'call', id: 1, name: 'wait', input: {} })
  near.send({ type: 'call', id: 1, name: 'double', input: { n: 1 } })
  near.send({ type: 'call', id: 2, name: '__proto__', input: {} })
  near.send({ type: 'call', id: 3, name: 'constructor', input: {} })
  await settle()
  expect(replies.map(({ id, type }) => `${id} ${type}`).sort()).toEqual(['1 fault', '1 value', '2 fault', '3 fault'])
})

test('the 257th open call is told to wait; one that ends makes room', async () => {
  const { near, replies } = bare()
  for (let id = 0; id < 257; id++) near.send({ type: 'call', id, name: 'wait', input: {} })
  await settle()
  const faults = replies.flatMap((reply) => (reply.type === 'fault' ? [[reply.id, reply.fault.kind]] : []))
  expect(faults).toEqual([[256, 'busy']])
  near.send({ type: 'cancel', id: 0 })
  await settle()
  near.send({ type: 'call', id: 300, name: 'double', input: { n: 4 } })
  await settle()
  expect(replies.at(-1)).toEqual({ type: 'return', id: 300, value: 8 })
})

test('an answer that cannot travel is told as a fault', async () => {
  const { client } = connected()
  await expect(client.unclonable({})).rejects.toMatchObject({ fault: { kind: 'internal' } })
  expect(await client.double({ n: 1 })).toBe(2)
})

/** Numbers that junk leaves alone. */
const FIRST = 2 ** 50

const junk = fc.oneof(
  fc.anything(),
  fc.record({
    type: fc.constantFrom('call', 'cancel', 'value', 'return', 'x'),
    id: fc.oneof(fc.integer(), fc.anything()),
    name: fc.anything(),
  }),
  fc.record({ type: fc.constant('call'), id: fc.nat(5), name: fc.constantFrom('double', 'count', 'toString', ''), input: fc.anything() }),
)

test('whatever arrives, a well-formed call is answered once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(junk, { maxLength: 30 }),
      fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 10 }),
      async (noise, numbers) => {
        const { near, replies } = bare()
        const send = near.send as (message: unknown) => void
        numbers.forEach((n, i) => {
          for (const message of noise.slice(i * 3, i * 3 + 3)) sendCloneable(send, message)
          near.send({ type: 'call', id: FIRST + i, name: 'double', input: { n } })
        })
        for (const message of noise) sendCloneable(send, message)
        await settle()
        const answers = replies.filter(({ id }) => id >= FIRST)
        expect(answers).toEqual(numbers.map((n, i) => ({ type: 'return', id: FIRST + i, value: n * 2 })))
      },
    ),
    { numRuns: 200 },
  )
})

function sendCloneable(send: (message: unknown) => void, message: unknown) {
  const id = (message as { id?: unknown } | null)?.id
  if (typeof id === 'number' && id >= FIRST) return
  try {
    send(message)
  } catch {
    // What cannot be cloned cannot arrive either.
  }
}

test('a client ignores what it did not ask for', async () => {
  const [near, far] = pair()
  const client = connect(contract, near)
  far.receive((message) => {
    const { id } = message as { id: number }
    const send = far.send as Wire['send'] & ((message: unknown) => void)
    for (const stray of [null, 'words', { type: 'return' }, { type: 'return', id: 99, value: 5 }, { type: 'fault', id, fault: {} }])
      send(stray as never)
    send({ type: 'return', id, value: 7 })
    send({ type: 'return', id, value: 8 })
  })
  expect(await client.double({ n: 1 })).toBe(7)
})
