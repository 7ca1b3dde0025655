// Which browser on this machine can drive the journeys?
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'microsoft-edge-stable']

const WELL_KNOWN = {
  darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`),
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .flatMap((variable) => process.env[variable] ?? [])
    .flatMap((folder) => [join(folder, 'Google/Chrome/Application/chrome.exe'), join(folder, 'Microsoft/Edge/Application/msedge.exe')]),
}

/** Path of a Chromium, Chrome or Edge: the one that PALIMPSEST_BROWSER names, or the first found; null where there is none. */
export function findBrowser() {
  const asked = process.env.PALIMPSEST_BROWSER
  if (asked) return existsSync(asked) ? asked : null
  const inPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)))
  return [...inPath, ...(WELL_KNOWN[process.platform] ?? [])].find((path) => existsSync(path)) ?? null
}

/** The same, after installing Debian's where that is possible. */
export function needBrowser() {
  const found = findBrowser()
  if (found || process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return found
  process.stderr.write('Installing Debian’s chromium, which the journeys drive.\n')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) => spawnSync('apt-get', ['-y', '-q', ...args], { stdio: ['ignore', 2, 2], env }).status === 0
  // The lists of a fresh machine are empty, those of an old one stale.
  if (!apt('install', '--no-install-recommends', 'chromium')) void (apt('update') && apt('install', '--no-install-recommends', 'chromium'))
  return findBrowser()
}
