import * as electron from 'electron'
import { startDesktop } from './hosts/electron/index.ts'
import { createStudio } from './studio/studio.ts'

void startDesktop(electron, { argv: process.argv, resources: process.resourcesPath, createStudio }).catch((error: unknown) => {
  electron.dialog.showErrorBox('Palimpsest cannot start', error instanceof Error ? error.message : String(error))
  electron.app.exit(1)
})
