// `npm run package`: the desktop application as a folder, ready for an installer.
import { fetchElectron } from './desktop.mjs'
import { bin, installDependencies, runScript } from './prepare.mjs'

installDependencies()
if (!runScript([bin('electron-vite'), 'build', '--logLevel', 'warn'])) process.exit(1)
if (!fetchElectron()) {
  process.stderr.write('The bundles are built in out/, but Electron could not be fetched, so there is nothing to pack them with.\n')
  process.exit(1)
}
const flags = process.argv.slice(2)
if (!runScript([bin('electron-builder'), ...(flags.length > 0 ? flags : ['--dir']), '--publish', 'never'])) process.exit(1)
