import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import type { EngineExit, StartEngine } from '../../main/engine/contract.ts'
import { superviseEngine } from '../../main/studio/engine-supervisor.ts'
import type { EngineState } from '../../preload/contract/catalog.ts'
import { FaultError } from '../../preload/contract/fault.ts'
import { pair } from '../../preload/wire/pair.ts'
import { faultOf, openWorkshop, type Workshop } from './workshop.ts'

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
/** Waits until something is so; the test's own time limit ends a wait in vain. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(10)
}

/** A restoration of some hundred steps on the tiny models: long enough to do something in the middle of it. */
async function longRestore(shop: Workshop) {
  const { pixels } = await shop.run({ type: 'fill', width: 1024, height: 768, color: [90, 120, 150] })
  return { type: 'restore' as const, pixels, width: 1024, height: 768, method: 'pmrf', params: { steps: 50, tile: 192 }, seed: 3 }
}

const BRUSH = {
  size: 20,
  hardness: 1,
  opacity: 1,
  spacing: 0.1,
  color: [0, 0, 0] as [number, number, number],
  erase: false,
  pressureSize: false,
}

test('nothing is started before it is needed, and a stopped engine is gone', async () => {
  const shop = openWorkshop()
  expect(shop.engine.state.status).toBe('stopped')
  expect(shop.pids).toEqual([])
  await shop.engine.catalogue()
  const [pid] = shop.pids as [number]
  expect(isAlive(pid)).toBe(true)
  await shop[Symbol.asyncDispose]()
  expect(isAlive(pid)).toBe(false)
})

test('killed in the middle of a restoration: the run says why, the next one works', async () => {
  await using shop = openWorkshop()
  const states: EngineState['status'][] = []
  shop.engine.onState(({ status }) => states.push(status))
  const task = await longRestore(shop)
  const [first] = shop.pids as [number]
  const fault = await faultOf(
    shop.run(task, {
      onProgress: ({ step }) => {
        if (step > 30) process.kill(first, 'SIGKILL')
      },
    }),
  )
  expect(fault).toMatchObject({ kind: 'engine', why: expect.stringContaining('SIGKILL') })
  const again = await shop.run({ ...task, params: { steps: 1, tile: 192 } })
  expect(again.layers.map(({ label }) => label)).toEqual(['faithful', 'realistic'])
  expect(shop.pids).toHaveLength(2)
  expect(states).toContain('restarting')
  await until(() => shop.engine.state.status === 'ready')
})

test('a stroke is answered while a restoration runs, before it ends', async () => {
  await using shop = openWorkshop()
  const task = await longRestore(shop)
  const { pixels, width, height } = task
  const controller = new AbortController()
  let last = 0
  let painting: Promise<unknown> | undefined
  const fault = await faultOf(
    shop.run(task, {
      signal: controller.signal,
      onProgress: ({ step }) => {
        last = step
        if (step >= 20)
          painting ??= shop
            .run({ type: 'paint', pixels, width, height, brush: BRUSH, points: [[50, 50, 1]] })
            .then(() => controller.abort())
      },
    }),
  )
  await painting
  expect(fault.kind).toBe('cancelled')
  expect(last).toBeLessThan(500)
})

test('a cancelled restoration ends as cancelled, in the same engine, which goes on to other work', async () => {
  await using shop = openWorkshop()
  const task = await longRestore(shop)
  const controller = new AbortController()
  let last = 0
  const fault = await faultOf(
    shop.run(task, {
      signal: controller.signal,
      onProgress: ({ step }) => {
        last = step
        if (step === 20) controller.abort()
      },
    }),
  )
  expect(fault.kind).toBe('cancelled')
  // A few steps may have been on their way.
  expect(last).toBeLessThan(60)
  await shop.run({ type: 'fill', width: 10, height: 10, color: [0, 0, 0] })
  expect(shop.pids).toHaveLength(1)
})

test('leaving the loop cancels too', async () => {
  await using shop = openWorkshop()
  const steps = shop.engine.run(shop.store, await longRestore(shop), new AbortController().signal)
  for await (const { step } of steps) if (step >= 5) break
  await until(() => shop.engine.state.status === 'ready')
})

test('kill ends work that does not answer, and is not held against the engine', async () => {
  await using shop = openWorkshop()
  const task = await longRestore(shop)
  for (let round = 0; round < 4; round++) {
    const fault = await faultOf(shop.run(task, { onProgress: ({ step }) => step > 3 && shop.engine.kill() }))
    expect(fault.kind).toBe('engine')
  }
  await shop.run({ type: 'fill', width: 10, height: 10, color: [0, 0, 0] })
  expect(shop.engine.state.status).toBe('ready')
})

test('an engine that dies again and again is given up, with the reason, and tried again when it is needed', async () => {
  let starts = 0
  const start: StartEngine = () => {
    starts++
    const [wire, far] = pair()
    const exited = pause(5).then((): EngineExit => {
      far.close()
      return { reason: 'killed', signal: 'SIGSEGV' }
    })
    return { wire, pid: undefined, exited, stop: () => exited }
  }
  await using engine = superviseEngine(start)
  const fault = await faultOf(engine.catalogue())
  expect(fault).toMatchObject({ kind: 'engine', why: expect.stringContaining('SIGSEGV') })
  await until(() => engine.state.status === 'stopped')
  expect(engine.state.why).toContain('SIGSEGV')
  const before = starts
  expect(before).toBeGreaterThan(1)
  await faultOf(engine.catalogue())
  expect(starts).toBe(before + 1)
})

test('a crash while accelerators are tried: the next engine uses the processor, and says why', async () => {
  await using shop = openWorkshop({ provider: '' })
  const { pixels } = await shop.run({ type: 'fill', width: 64, height: 64, color: [90, 120, 150] })
  const task = { type: 'restore' as const, pixels, width: 64, height: 64, method: 'pmrf', params: { steps: 1 }, seed: 3 }
  const stop = shop.engine.onState(({ status }) => {
    if (status === 'working') process.kill(shop.pids[0] as number, 'SIGSEGV')
  })
  expect(await faultOf(shop.run(task))).toMatchObject({ kind: 'engine', why: expect.stringContaining('SIGSEGV') })
  stop()
  await shop.run(task)
  expect(shop.engine.state).toMatchObject({ provider: 'cpu', why: expect.stringContaining('accelerator crashed') })
})

test('an engine that cannot be started says so', async () => {
  const start: StartEngine = () => {
    const [wire, far] = pair()
    far.close()
    const exited = Promise.resolve<EngineExit>({ reason: 'unstartable', message: 'no such file' })
    return { wire, pid: undefined, exited, stop: () => exited }
  }
  await using engine = superviseEngine(start)
  expect(await faultOf(engine.catalogue())).toMatchObject({ kind: 'engine', why: expect.stringContaining('no such file') })
  expect(engine.state.status).toBe('stopped')
})

test('an engine does not outlive the studio that started it', async () => {
  await using shop = openWorkshop()
  const script = join(shop.folder, 'studio.ts')
  const engine = join(import.meta.dirname, '../../main/engine/child-process.ts')
  writeFileSync(
    script,
    `import { startEngineProcess } from ${JSON.stringify(engine)}
     process.send(startEngineProcess({ models: ${JSON.stringify(shop.models)} }).pid)
     setInterval(() => {}, 1000)`,
  )
  const studio: ChildProcess = fork(script, { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  const [pid] = (await once(studio, 'message')) as [number]
  expect(isAlive(pid)).toBe(true)
  studio.kill('SIGKILL')
  await until(() => !isAlive(pid))
})

// Real processes, on a machine that may have much else to do.
vi.setConfig({ testTimeout: 120_000 })

test('a Ctrl-C in the terminal is for the studio to judge: the engine goes on', async () => {
  await using shop = openWorkshop()
  await shop.engine.catalogue()
  const [pid] = shop.pids as [number]
  process.kill(pid, 'SIGINT')
  await shop.run({ type: 'fill', width: 10, height: 10, color: [0, 0, 0] })
  expect(shop.pids).toEqual([pid])
})

test('a task that nobody could mean is answered with a fault', async () => {
  await using shop = openWorkshop()
  const nonsense = { type: 'fill', width: 'wide' } as unknown as Parameters<Workshop['run']>[0]
  expect(await faultOf(shop.run(nonsense))).toMatchObject({ kind: 'invalid' })
  const elsewhere = shop.engine.run(
    join(shop.folder, 'none.palimpsest'),
    { type: 'fill', width: 9, height: 9, color: [0, 0, 0] },
    new AbortController().signal,
  )
  await expect(elsewhere.next()).rejects.toBeInstanceOf(FaultError)
})
