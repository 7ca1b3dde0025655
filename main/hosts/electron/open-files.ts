import { extname, resolve } from 'node:path'
import type { App } from 'electron'

/** Files the system asks the studio to open: by double-click, by the command line, by a second start. */
export interface OpenFiles {
  /** Gives every path there is and will be to `deliver`; with null they are kept until somebody takes them. */
  to(deliver: ((path: string) => void) | null): void
}

const OPENED = new Set(['.palimpsest', '.png', '.jpg', '.jpeg', '.webp', '.avif', '.tif', '.tiff', '.gif', '.svg'])

/** The files among a command line's words. Switches, Electron itself and the program's folder are not. */
export const filesOf = (words: readonly string[], folder: string): string[] =>
  words
    .slice(1)
    .filter((word) => !word.startsWith('-') && OPENED.has(extname(word).toLowerCase()))
    .map((word) => resolve(folder, word))

/** Listens at once: macOS may tell of a file before the application is ready. */
export function collectOpenFiles(app: App, words: readonly string[], onSecond: () => void): OpenFiles {
  const waiting = filesOf(words, process.cwd())
  const keep = (path: string): void => void waiting.push(path)
  let deliver = keep
  app.on('open-file', (event, path) => {
    event.preventDefault()
    deliver(path)
  })
  app.on('second-instance', (_event, argv, folder) => {
    onSecond()
    for (const path of filesOf(argv, folder)) deliver(path)
  })
  return {
    to(next) {
      deliver = next ?? keep
      if (!next) return
      for (const path of waiting.splice(0)) next(path)
    },
  }
}
