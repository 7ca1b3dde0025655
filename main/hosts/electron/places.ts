import { join } from 'node:path'
import type { App } from 'electron'
import { dataFolder, type ProgramFolders } from '../folders.ts'

export interface Places extends ProgramFolders {
  readonly data: string
  /** The built preload script and the engine's entry. */
  readonly preload: string
  readonly engine: string
}

/** Where things lie, in a checkout and in an installed application. `--data=DIR` keeps everything in one folder of its own. */
export function places(app: App, resources: string): Places {
  const root = app.getAppPath()
  const extra = app.isPackaged ? resources : root
  const own = app.commandLine.getSwitchValue('data')
  if (own) app.setPath('userData', join(own, 'window'))
  return {
    data: own || dataFolder(),
    page: join(root, 'out', 'page'),
    preload: join(root, 'out', 'preload', 'index.cjs'),
    engine: join(root, 'out', 'main', 'engine.js'),
    samples: app.isPackaged ? join(extra, 'samples') : join(extra, 'renderer', 'samples'),
    models: join(extra, 'native-models'),
  }
}
