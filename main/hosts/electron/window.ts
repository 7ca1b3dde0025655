import type { BrowserWindow } from 'electron'
import type { Electron } from './electron.ts'
import { PAGE_ADDRESS } from './page-scheme.ts'

/** Opens the studio's window: a sandboxed page that reaches the outside by the preload script alone. */
export function openWindow({ BrowserWindow }: Pick<Electron, 'BrowserWindow'>, preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Palimpsest',
    // The page's own background, so that nothing flashes.
    backgroundColor: '#1c1c1c',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => window.show())
  void window.loadURL(PAGE_ADDRESS)
  return window
}
