import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Everything the studio reads that is not an artist's: where the program itself lies. */
export interface ProgramFolders {
  /** The built page. */
  readonly page: string
  readonly samples: string
  readonly models: string
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** The folders of a checkout, for hosts that run from source. */
export const sourceFolders = (): ProgramFolders => ({
  page: join(root, 'out', 'page'),
  samples: join(root, 'renderer', 'samples'),
  models: join(root, 'native-models'),
})

/** Version of a checkout. */
export function sourceVersion(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  return version
}

/** Where unsaved projects and the list of recent ones live, the same for every host: a picture begun in a browser is found again in the window. */
export function dataFolder(platform: NodeJS.Platform = process.platform, env: NodeJS.ProcessEnv = process.env): string {
  if (platform === 'win32') return join(env.APPDATA || join(homedir(), 'AppData', 'Roaming'), 'Palimpsest')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Palimpsest')
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'palimpsest')
}

/** Where the engine keeps what belongs to this machine and to no project; PALIMPSEST_LIBRARY names another place. */
export const libraryFolder = (data: string, env: NodeJS.ProcessEnv = process.env): string => env.PALIMPSEST_LIBRARY || join(data, 'library')
