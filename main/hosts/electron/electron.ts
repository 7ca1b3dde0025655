import type * as electron from 'electron'

/** The parts of Electron that the desktop host uses. It is handed in, so that the wiring runs against a stand-in where there is no binary. */
export type Electron = Pick<
  typeof electron,
  'app' | 'BrowserWindow' | 'Menu' | 'dialog' | 'ipcMain' | 'protocol' | 'session' | 'shell' | 'utilityProcess'
>
