// `npm test`: installs what is missing, runs everything, ends with one line that counts it.
// `check` leaves out the journeys, `journeys` runs nothing else. It runs on whatever Node the system has.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { needBrowser } from '../main/hosts/browser.mjs'
import { bin, cacheFile, environment, installDependencies, node, root } from '../main/hosts/prepare.mjs'

const what = process.argv[2] ?? 'all'
if (!['all', 'check', 'journeys'].includes(what)) {
  process.stderr.write(`There is no test run called "${what}". Choose check or journeys, or name none for both.\n`)
  process.exit(2)
}

installDependencies()
const browser = needBrowser()
if (!browser)
  process.stderr.write('Tests that drive a browser need Chromium, Chrome or Edge: install one, or name it in PALIMPSEST_BROWSER.\n')
// A log that nobody watches is read as plain text.
const colours = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined }
const env = { ...environment(), ...colours, ...(browser ? { PALIMPSEST_BROWSER: browser } : {}) }

const total = { passed: 0, failed: 0, skipped: 0 }
const seconds = (since) => ((performance.now() - since) / 1000).toFixed(1)

const STAGES_OF_THEIR_OWN = ['laws', 'golden', 'journeys']

/** Longest that one stage may take, in milliseconds. */
const LIMIT = 20 * 60_000

/** Runs one program as one test. */
function step(title, args) {
  const began = performance.now()
  process.stdout.write(`\n── ${title}\n`)
  const { status } = spawnSync(node, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env, timeout: LIMIT })
  total[status === 0 ? 'passed' : 'failed'] += 1
  process.stdout.write(`── ${title}: ${status === 0 ? 'passed' : 'failed'} in ${seconds(began)} s\n`)
}

/** Runs test files and counts what they say. */
function tests(title, args, project = 'unit') {
  const began = performance.now()
  process.stdout.write(`\n── ${title}\n`)
  const report = cacheFile(`tests-${title}.json`)
  rmSync(report, { force: true })
  const { status } = spawnSync(
    node,
    [bin('vitest'), 'run', '--project', project, '--reporter', 'default', '--reporter', 'json', '--outputFile.json', report, ...args],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env, timeout: LIMIT },
  )
  const counted = count(report)
  // A run that failed for another reason than a failed test (a file that cannot be loaded, no report) is a failure too.
  if (status !== 0 && counted.failed === 0) counted.failed = 1
  for (const kind of Object.keys(total)) total[kind] += counted[kind]
  process.stdout.write(`── ${title}: ${sentence(counted)} in ${seconds(began)} s\n`)
}

function count(report) {
  if (!existsSync(report)) return { passed: 0, failed: 0, skipped: 0 }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
  const unloadable = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0).length
  return { passed: numPassedTests, failed: numFailedTests + unloadable, skipped: numPendingTests + (numTodoTests ?? 0) }
}

const sentence = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
const has = (path) => existsSync(join(root, path))

const began = performance.now()
if (what !== 'journeys') {
  step('form', [bin('@biomejs/biome', 'biome'), 'ci', '--error-on-warnings', ...(process.stdout.isTTY ? [] : ['--colors=off'])])
  step('types', [bin('typescript', 'tsc'), '-b'])
  tests('architecture', ['test/architecture.test.ts'])
  tests(
    'units',
    readdirSync(join(root, 'test'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !STAGES_OF_THEIR_OWN.includes(entry.name))
      .map(({ name }) => `test/${name}/`),
  )
  tests('laws', ['test/laws/'])
  tests('golden', ['test/golden/'])
}
step('build', [bin('electron-vite'), 'build', '--logLevel', 'warn'])
if (what !== 'check' && has('test/journeys')) tests('journeys', [], 'journeys')

process.stdout.write(`\nEverything in ${seconds(began)} s.\n${sentence(total)}\n`)
process.exitCode = total.failed > 0 ? 1 : 0
