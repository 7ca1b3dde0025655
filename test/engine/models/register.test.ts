import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tryLock } from '../../../main/engine/models/file-lock.ts'
import { readRegister } from '../../../main/engine/models/register.ts'
import { type Cabinet, openCabinet } from './cabinet.ts'

let cabinet: Cabinet
beforeEach(() => {
  cabinet = openCabinet()
})
afterEach(() => cabinet[Symbol.dispose]())

/** Real processes take their time on a machine that has much else to do. */
const LONG = { timeout: 120_000 }

/** A process that is about to add places to the list. */
async function writer(name: string, count: number): Promise<ChildProcess> {
  const args = [join(import.meta.dirname, 'register-writer.ts'), cabinet.at('library'), name, String(count)]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}
const begin = (child: ChildProcess) => child.stdin?.write('go')
const paths = async () => (await readRegister(cabinet.at('library'))).entries.map(({ path }) => path)

test('what two processes write at once is all there', LONG, async () => {
  const children = await Promise.all([writer('a', 15), writer('b', 15)])
  const ends = children.map((child) => once(child, 'exit'))
  for (const child of children) begin(child)
  expect((await Promise.all(ends)).map(([code]) => code)).toEqual([0, 0])
  const wanted = ['a', 'b'].flatMap((name) => Array.from({ length: 15 }, (_, i) => `/${name}/${i}`))
  expect((await paths()).toSorted()).toEqual(wanted.toSorted())
  expect(readdirSync(cabinet.at('library'))).toEqual(['library.json'])
})

test('one that is killed while it writes keeps nobody else from writing, and leaves a list that can be read', LONG, async () => {
  const killed = await writer('a', 100_000)
  begin(killed)
  while (!existsSync(cabinet.at('library', 'library.json'))) await new Promise((resolve) => setTimeout(resolve, 1))
  const end = once(killed, 'exit')
  killed.kill('SIGKILL')
  await end
  const before = await paths()
  const next = await writer('b', 3)
  const done = once(next, 'exit')
  begin(next)
  expect((await done)[0]).toBe(0)
  expect(await paths()).toEqual([...before, '/b/0', '/b/1', '/b/2'])
})

test('a lock is held by one; what a process left that is no more is taken over by one', async () => {
  const path = cabinet.at('lock')
  // No process has this number; process 1 runs as long as the system does.
  writeFileSync(path, '99999999 gone')
  const locks = await Promise.all(Array.from({ length: 8 }, () => tryLock(path)))
  const [held, ...more] = locks.filter((lock) => lock !== null)
  expect(more).toEqual([])
  expect(await tryLock(path)).toBeNull()
  await held?.[Symbol.asyncDispose]()
  expect(readdirSync(cabinet.folder)).not.toContain('lock')
  for (const holder of ['1 alive', '']) {
    writeFileSync(path, holder)
    expect(await tryLock(path)).toBeNull()
  }
})
