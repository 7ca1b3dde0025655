import { closeSync, copyFileSync, fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import { openSession } from '../../main/hosts/cli/session.ts'
import type { Command } from '../../preload/contract/command.ts'
import type { ProjectId } from '../../preload/contract/ids.ts'

/**
 * What an acknowledged command costs, and what opening and saving cost against the size of the file: the real studio
 * and engine over a wire within this process. A command is acknowledged when it is on disk, so the floor is one synced
 * transaction of SQLite with the same pragmas on the same disk, holding the same document.
 */
const COMMANDS = 300
const STROKES = 100

const folder = mkdtempSync(join(tmpdir(), 'palimpsest-bench-'))
await using session = await openSession()
const { client } = session
const silent = { show() {}, [Symbol.dispose]() {} }
const signal = new AbortController().signal
const run = (project: ProjectId, command: Command) => session.run({ project, command }, silent, signal)

function quantile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

async function times(count: number, work: (i: number) => unknown): Promise<number[]> {
  const all: number[] = []
  for (let i = 0; i < count; i++) {
    const began = performance.now()
    await work(i)
    all.push(performance.now() - began)
  }
  return all
}

const row = (label: string, all: readonly number[], floor?: readonly number[]) => {
  const half = quantile(all, 0.5)
  const ratio = floor ? `   ${(half / quantile(floor, 0.5)).toFixed(2)} × the bare insert` : ''
  console.log(`${label.padEnd(38)} p50 ${half.toFixed(2).padStart(7)} ms   p95 ${quantile(all, 0.95).toFixed(2).padStart(7)} ms${ratio}`)
}

try {
  const { file, document } = await client.open({ from: 'size', width: 1600, height: 1000, background: [240, 238, 230] })
  const layer = document.layers[0]?.id
  if (!layer) throw new Error('A new picture has no layer.')

  const bare = new Database(join(folder, 'bare.sqlite'))
  bare.pragma('journal_mode = WAL')
  bare.pragma('synchronous = FULL')
  bare.exec('CREATE TABLE revisions (id INTEGER PRIMARY KEY, document TEXT NOT NULL) STRICT')
  const insert = bare.prepare('INSERT INTO revisions (document) VALUES (?)')
  const words = JSON.stringify(document)
  // In turns, so that whatever else the machine does weighs on both alike.
  const floor: number[] = []
  const sets: number[] = []
  for (let i = 0; i < COMMANDS; i++) {
    floor.push(...(await times(1, () => insert.run(words))))
    sets.push(...(await times(1, () => run(file.id, { type: 'layer.set', layer, change: { opacity: (i % 100) / 100 } }))))
  }
  bare.close()
  row('bare insert, synced', floor)
  row('layer.set acknowledged', sets, floor)

  const brush = { size: 40, hardness: 0.8, opacity: 1, spacing: 0.1, color: [20, 30, 40], erase: false, pressureSize: true } as const
  const strokes = await times(STROKES, (i) => {
    const points = Array.from({ length: 40 }, (_, k): [number, number, number] => [
      200 + 8 * k + i,
      100 + 7 * i + 20 * Math.sin(k / 5),
      0.7,
    ])
    return run(file.id, { type: 'stroke.paint', layer, target: 'pixels', brush: { ...brush, color: [...brush.color] }, points })
  })
  row('stroke.paint, 40 points, acknowledged', strokes, floor)

  console.log('\nprojects of noise, which no compression shrinks; saving against a synced copy, opening against reading the file')
  for (const [width, height] of [
    [1000, 1000],
    [2000, 2000],
    [4000, 3000],
  ] as const) {
    const picture = join(folder, `${width}.png`)
    await sharp({ create: { width, height, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 40 } } })
      .png({ compressionLevel: 1 })
      .toFile(picture)
    const { file: made } = await client.open({ from: 'path', path: picture })
    const path = join(folder, `${width}.palimpsest`)
    const [save = 0] = await times(1, () => run(made.id, { type: 'project.save', path }))
    await client.close({ project: made.id })
    const [copy = 0] = await times(1, () => {
      copyFileSync(path, `${path}.copy`)
      const handle = openSync(`${path}.copy`, 'r+')
      fsyncSync(handle)
      closeSync(handle)
    })
    const [open = 0] = await times(1, () => client.open({ from: 'path', path }))
    const [read = 0] = await times(1, () => readFileSync(path))
    await client.close({ project: made.id })
    const size = (statSync(path).size / 1e6).toFixed(1).padStart(6)
    console.log(
      `${(width * height) / 1e6} MP, ${size} MB   save ${save.toFixed(0).padStart(5)} ms (${(save / copy).toFixed(1)} × copy)   open ${open.toFixed(0).padStart(5)} ms (${(open / read).toFixed(1)} × read)`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
