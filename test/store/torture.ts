import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { openProject } from '../../main/store/open-project.ts'
import { createProject, type ProjectStore } from '../../main/store/project-file.ts'
import type { ProjectId, RevisionId } from '../../preload/contract/ids.ts'
import { temporaryFolder } from '../kit/project.ts'
import { digestOf } from './torture-child.ts'

/** What the killed process had been told, and was about to do. */
interface Told {
  readonly acknowledged: Map<number, string>
  head: number
  path: string
  intent: { readonly type: string; readonly path?: string } | null
  commands: number
  problem: string | null
}

export interface TortureSummary {
  readonly kills: number
  /** Commands acknowledged over all lives. */
  readonly commands: number
  /** Kills that came between a command and its acknowledgement. */
  readonly midCommand: number
  readonly revisions: number
}

const CHILD = fileURLToPath(new URL('./torture-child.ts', import.meta.url))
/** Lives after which a fresh project is begun, so that checking stays quick. */
const LIVES = 50

/**
 * Kills a process that is changing a project, `kills` times, each time checking that the file is sound and holds all that was acknowledged.
 * @throws Error that tells the seed and what was lost
 */
export async function torture(kills: number, seed: number, report: (line: string) => void = () => {}): Promise<TortureSummary> {
  let [commands, midCommand, revisions] = [0, 0, 0]
  // The next processes start up while the one before is still at work.
  const waiting = [start(), start()]
  try {
    for (let project = 0; project * LIVES < kills; project++) {
      using folder = temporaryFolder()
      let path = begin(folder.path)
      const acknowledged = new Map<number, string>()
      for (let life = project * LIVES; life < Math.min(kills, (project + 1) * LIVES); life++) {
        waiting.push(start())
        const child = waiting.shift()!
        const told = await live(child, path, seed + life, acknowledged)
        if (told.problem) throw new Error(`Life ${life} (seed ${seed}): ${told.problem}`)
        path = told.path
        commands += told.commands
        if (told.intent) midCommand++
        revisions = await check(told, folder.path, `life ${life}, seed ${seed}`)
        if ((life + 1) % 50 === 0) report(`${life + 1} kills, ${commands} commands acknowledged, ${midCommand} kills inside a command`)
      }
    }
  } finally {
    for (const child of waiting) child.kill('SIGKILL')
  }
  return { kills, commands, midCommand, revisions }
}

function start(): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'palimpsest-compile-cache') },
  })
}

function begin(folder: string): string {
  const path = join(folder, 'begun.palimpsest')
  using store = createProject(path, { id: randomUUID() as ProjectId, title: 'Torture' }, null)
  const document = { width: 600, height: 600, layers: [], profile: null, exif: null }
  store.revisions.commit({ document, command: { type: 'project.create' }, label: 'New picture', at: 0, variation: 'Main' })
  return path
}

/** One life: runs until it is killed, at a moment up to 30 milliseconds after the beginning of one of its first eight commands. */
async function live(child: ChildProcess, path: string, seed: number, acknowledged: Map<number, string>): Promise<Told> {
  const told: Told = { acknowledged, head: 0, path, intent: null, commands: 0, problem: null }
  const exited = new Promise((resolve) => child.once('close', resolve))
  const chance = Math.imul(seed, 2654435761) >>> 0
  child.stdin?.write(`${seed} ${path}\n`)
  let timer: NodeJS.Timeout | undefined
  for await (const line of createInterface({ input: child.stdout! })) {
    const message = JSON.parse(line)
    if (message.readOnly) told.problem = `the file was found damaged: ${message.opened}`
    if (message.intent) {
      told.intent = message.intent
      if (told.commands >= chance % 8) timer ??= setTimeout(() => child.kill('SIGKILL'), (chance >>> 8) % 30)
    }
    if (message.done) {
      acknowledged.set(message.done, message.document)
      told.commands++
      Object.assign(told, { head: message.done, path: message.path, intent: null })
    }
  }
  clearTimeout(timer)
  await exited
  if (!timer && !told.problem) told.problem = 'the process ended before it began'
  return told
}

/** @returns the number of revisions. @throws Error telling what is wrong */
async function check(told: Told, folder: string, when: string): Promise<number> {
  const fail = (what: string): never => {
    throw new Error(`${when}: ${what} (last intent: ${JSON.stringify(told.intent)})`)
  }
  // A move that was not acknowledged may have happened or not; both files must be whole.
  const target = told.intent?.type === 'project.save' ? `${told.intent.path}.palimpsest` : null
  if (target && existsSync(target)) {
    const moved = await openProject(target, join(folder, `rescue-${randomUUID()}`))
    if (moved.readOnly) fail(`the file it was being saved to is damaged: ${moved.notes}`)
    moved.store[Symbol.dispose]()
  }
  const { store, readOnly, notes } = await openProject(told.path, join(folder, `rescue-${randomUUID()}`))
  try {
    if (readOnly) fail(`the file is damaged: ${notes}`)
    for (const [revision, digest] of told.acknowledged)
      if (digestOf(store.revisions.document(revision as RevisionId)) !== digest) fail(`revision ${revision} is not what was acknowledged`)
    if (told.commands > 0) checkHead(store, told, fail)
    return store.revisions.list().length
  } finally {
    store[Symbol.dispose]()
  }
}

/** The head is where it was acknowledged to be, or one command further: the one that was under way. */
function checkHead(store: ProjectStore, { head, intent }: Told, fail: (what: string) => never) {
  const now = store.revisions.head().revision
  if (now === head) return
  if (!intent) fail(`the head is at ${now}, not at ${head}`)
  const isMove = intent?.type.startsWith('history.')
  const newest = store.revisions.list().at(-1)
  if (!isMove && (newest?.id !== now || newest.parent !== head)) fail(`the head is at ${now}, which does not follow ${head}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const kills = Number(process.argv[2] ?? 1000)
  const began = Date.now()
  const summary = await torture(kills, Number(process.argv[3] ?? Date.now() % 1e6), console.log)
  console.log(
    `${summary.kills} kills in ${Math.round((Date.now() - began) / 1000)} s: ${summary.commands} commands acknowledged, none lost;`,
  )
  console.log(`${summary.midCommand} kills fell inside a command.`)
}
