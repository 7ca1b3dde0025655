import type { BrowserWindow } from 'electron'
import { studio as contract } from '../../../preload/contract/studio.ts'
import { serve } from '../../../preload/wire/serve.ts'
import type { StudioHandle, StudioOptions } from '../../studio/handle.ts'
import { libraryFolder } from '../folders.ts'
import { offerDialogs } from './dialogs.ts'
import type { Electron } from './electron.ts'
import { startUtilityEngine } from './engine-process.ts'
import { buildMenu } from './menu.ts'
import { collectOpenFiles } from './open-files.ts'
import { declareScheme, servePage } from './page-scheme.ts'
import { openPaper } from './paper-links.ts'
import { type Places, places } from './places.ts'
import { closeSession, confinePages } from './security.ts'
import { openWindow } from './window.ts'
import { onWire } from './window-wire.ts'

export interface DesktopOptions {
  readonly argv: readonly string[]
  /** Folder of an installed application's extra files. */
  readonly resources: string
  readonly createStudio: (options: StudioOptions) => Promise<StudioHandle>
  /** Where something lies elsewhere than the application says. */
  readonly places?: Partial<Places>
}

/** Starts the desktop studio, or hands its files to the one that runs already. Until `whenReady` nothing may wait. */
export async function startDesktop(
  electron: Electron,
  { argv, resources, createStudio, places: elsewhere }: DesktopOptions,
): Promise<void> {
  const { app, ipcMain, protocol } = electron
  const at: Places = { ...places(app, resources), ...elsewhere }
  if (!app.requestSingleInstanceLock()) return app.quit()
  let window: BrowserWindow | null = null
  // Until the studio stands there is nothing to show.
  let open = () => {}
  let follow = (_address: string) => {}
  const files = collectOpenFiles(app, argv, () => {
    if (window?.isMinimized()) window.restore()
    if (window) window.focus()
    else open()
  })
  declareScheme(protocol)
  confinePages(app, (address) => follow(address))
  await app.whenReady()

  closeSession(electron.session.defaultSession)
  const studio = await createStudio({
    dataFolder: at.data,
    samplesFolder: at.samples,
    startEngine: (wish) => startUtilityEngine(electron, { ...at, library: libraryFolder(at.data), provider: wish?.provider }),
    host: 'electron',
    version: app.getVersion(),
  })
  follow = (address) => void openPaper(electron.shell, studio, address)
  servePage(protocol, studio, at.page)
  offerDialogs(ipcMain, electron.dialog, () => window)
  electron.Menu.setApplicationMenu(buildMenu(electron.Menu, (action) => window?.webContents.send('menu', action)))

  open = () => {
    const opened = openWindow(electron, at.preload)
    window = opened
    onWire(ipcMain, opened.webContents, (wire) => serve(contract, studio.service, wire))
    // The page listens once it has loaded.
    opened.webContents.once('did-finish-load', () => files.to((path) => window?.webContents.send('open-path', path)))
    opened.once('closed', () => {
      window = null
      files.to(null)
    })
  }
  open()

  app.on('activate', () => window ?? open())
  app.on('window-all-closed', () => {
    // On macOS an application lives on without windows.
    if (process.platform !== 'darwin') app.quit()
  })
  let ended = false
  app.on('will-quit', (event) => {
    if (ended) return
    event.preventDefault()
    const quit = () => {
      ended = true
      app.quit()
    }
    studio[Symbol.asyncDispose]().then(quit, quit)
  })
}
