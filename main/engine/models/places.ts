import { homedir } from 'node:os'
import { join } from 'node:path'
import type { HubSettings } from '../hub/hub.ts'

/** Where models of this machine may lie, and where the studio keeps what it knows of them. */
export interface Places {
  /** The folder with the manifest of what came with the studio. */
  readonly builtIn: string
  /** The engine's own folder: the list of models, hashes, downloads, what tuning found. Null: nothing is kept, and nothing is looked for but what came with the studio. */
  readonly library: string | null
  /** Caches of Hugging Face's programs. */
  readonly hubCaches: readonly string[]
  /** Folders in which ComfyUI may have been installed. */
  readonly comfyUi: readonly string[]
  readonly hub: HubSettings
}

/** Places as the environment names them: PALIMPSEST_MODELS and PALIMPSEST_LIBRARY, and the names that Hugging Face's and ComfyUI's own programs use. */
export function placesOf(env: Readonly<Record<string, string | undefined>>): Places {
  const builtIn = env.PALIMPSEST_MODELS ?? 'native-models'
  const hub = { endpoint: env.HF_ENDPOINT, token: env.HF_TOKEN }
  const library = env.PALIMPSEST_LIBRARY || null
  if (library === null) return { builtIn, library, hubCaches: [], comfyUi: [], hub }
  const cache = env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const home = env.HF_HOME || join(cache, 'huggingface')
  const hubCache = env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE || join(home, 'hub')
  const comfyUi = env.COMFYUI_PATH ? [env.COMFYUI_PATH] : usualComfyUi(env)
  return { builtIn, library, hubCaches: [hubCache], comfyUi, hub }
}

/** Where people unpack it, where its desktop application keeps models, and where that keeps its list of paths. */
const usualComfyUi = (env: Readonly<Record<string, string | undefined>>): string[] => {
  const home = homedir()
  const settings = {
    win32: env.APPDATA || join(home, 'AppData', 'Roaming'),
    darwin: join(home, 'Library', 'Application Support'),
  }[process.platform as string]
  return [
    join(home, 'ComfyUI'),
    join(home, 'Documents', 'ComfyUI'),
    join(settings ?? (env.XDG_CONFIG_HOME || join(home, '.config')), 'ComfyUI'),
  ]
}
