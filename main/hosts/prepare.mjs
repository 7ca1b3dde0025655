// What `npm start` and `npm test` need before anything else. It runs on whatever Node the system has, without dependencies.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const modules = join(root, 'node_modules')
const windows = process.platform === 'win32'

/** The Node that the lock file names, not the system's. */
export const node = join(modules, 'node', 'bin', windows ? 'node.exe' : 'node')

/** The script behind a command of a package, to be run by `node`. */
export const bin = (packageName, command = packageName) => {
  const { bin: entries } = JSON.parse(readFileSync(join(modules, packageName, 'package.json'), 'utf8'))
  return join(modules, packageName, typeof entries === 'string' ? entries : entries[command])
}

/** Environment in which `node` is the lock file's, for whatever a command starts in turn. */
export const environment = () => {
  const path = Object.keys(process.env).find((name) => name.toLowerCase() === 'path') ?? 'PATH'
  const separator = windows ? ';' : ':'
  return { ...process.env, [path]: [join(modules, '.bin'), dirname(node), process.env[path] ?? ''].join(separator) }
}

/** Installs what the lock file names, if that is not what is there. Its output goes to standard error. Returns whether it did. */
export function installDependencies() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const stamp = join(modules, '.palimpsest-lock')
  const installed = join(modules, '.package-lock.json')
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return false
  // Installed by hand: npm's own record is then at least as new as the lock file.
  const current =
    existsSync(node) && existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
  if (!current) {
    process.stderr.write('Installing what is missing (once; it takes a minute or two).\n')
    const npm = process.env.npm_execpath
    // The system's Node may be older than some packages want; they run on the one that is installed here.
    const words = ['ci', '--loglevel', 'error']
    const [command, args] = npm ? [process.execPath, [npm, ...words]] : [windows ? 'npm.cmd' : 'npm', words]
    // npm hands its own settings to scripts; those of `npm start` must not reach the install.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^npm_(lifecycle|package|command|config_local_prefix)/.test(name)),
    )
    const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], env, shell: !npm && windows })
    if (error || status !== 0) {
      process.stderr.write('The installation failed. Check the connection to the package registry, then run the command again.\n')
      process.exit(1)
    }
  }
  writeFileSync(stamp, lock)
  return !current
}

/** Newest change in some files and folders, in milliseconds since 1970. */
function newest(paths) {
  let latest = 0
  for (const path of paths) {
    const { mtimeMs } = statSync(path)
    latest = Math.max(latest, mtimeMs)
    if (statSync(path).isDirectory()) latest = Math.max(latest, newest(readdirSync(path).map((name) => join(path, name))))
  }
  return latest
}

/** Is a built file older than what it is built from? */
export function isStale(built, sources) {
  const path = join(root, built)
  return !existsSync(path) || statSync(path).mtimeMs < newest(sources.map((source) => join(root, source)))
}

export const PAGE_SOURCES = ['renderer', 'preload', 'main/math', 'vite.config.ts', 'package-lock.json']

/** Runs a script on the lock file's Node and waits; its output is shown only when it fails, or never. Returns whether it succeeded. */
export function runScript(args, { silent = false, timeout } = {}) {
  const { status, stdout, stderr } = spawnSync(node, args, { cwd: root, env: environment(), timeout })
  if (!silent && status !== 0) process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`)
  return status === 0
}

/** Becomes another program as far as Node can: its streams, its exit code, its signals. */
export function become(command, args) {
  const child = spawn(command, args, { stdio: 'inherit', env: environment() })
  // A terminal sends Ctrl-C to the child as well; a program that sends a signal sends it to us alone.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`${command} could not be started: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    process.exitCode = signal ? 128 + ({ SIGINT: 2, SIGTERM: 15, SIGHUP: 1, SIGKILL: 9 }[signal] ?? 1) : (code ?? 1)
  })
}

/** A file in the folder of things that may be forgotten. */
export function cacheFile(name) {
  mkdirSync(join(root, '.cache'), { recursive: true })
  return join(root, '.cache', name)
}
