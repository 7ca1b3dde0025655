// `npm start`: the window where Electron is or can be fetched, a browser otherwise. `npm start -- COMMAND …`: no window at all.
import { existsSync, statSync } from 'node:fs'
import { electronBinary, fetchElectron } from './desktop.mjs'
import { become, bin, installDependencies, isStale, node, PAGE_SOURCES, root, runScript } from './prepare.mjs'

const args = process.argv.slice(2)
const program = `${root}/main/hosts/palimpsest.ts`

installDependencies()

/** Builds with one of the bundlers; the program ends here when it fails. */
function build(words, args) {
  process.stderr.write(`${words}\n`)
  if (!runScript(args)) process.exit(1)
}

const buildPage = () => {
  if (isStale('out/page/index.html', PAGE_SOURCES)) build('Building the page.', [bin('vite'), 'build', '--logLevel', 'warn'])
}

const [command = ''] = args
// A file to open, as a system hands it over on a double click.
const isFile = !command.startsWith('-') && existsSync(command) && statSync(command).isFile()
const wantsWindow = command === '' || isFile || command.endsWith('.palimpsest') || (command.startsWith('--') && command !== '--help')
if (command === 'serve') buildPage()
if (!wantsWindow) become(node, [program, ...args])
else {
  const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY
  // Without a display there is nothing to fetch a window for.
  const electron = hasDisplay ? fetchElectron() : electronBinary()
  if (electron && hasDisplay) {
    if (isStale('out/main/index.js', ['main', ...PAGE_SOURCES, 'electron.vite.config.ts']))
      build('Building the studio.', [bin('electron-vite'), 'build', '--logLevel', 'warn'])
    // Electron reads a switch and its value as one word.
    const joined = args.flatMap((word, i) => (word === '--data' ? `--data=${args[i + 1] ?? ''}` : args[i - 1] === '--data' ? [] : word))
    become(electron, [root, ...joined])
  } else {
    const why = hasDisplay ? 'Electron could not be fetched' : 'there is no display for a window'
    process.stderr.write(`As ${why}, the studio is served to a browser; Ctrl-C ends it.\n`)
    buildPage()
    become(node, [program, 'serve', ...args])
  }
}
