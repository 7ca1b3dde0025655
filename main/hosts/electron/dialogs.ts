import type { BrowserWindow, Dialog, IpcMain } from 'electron'
import { isOurs } from './window-wire.ts'

const PICTURES = ['png', 'jpg', 'jpeg', 'webp', 'avif', 'tif', 'tiff', 'gif', 'svg']

/** The system's own dialogs, asked for by the page. They answer with paths and read nothing. */
export function offerDialogs(ipcMain: IpcMain, dialog: Dialog, window: () => BrowserWindow | null): void {
  ipcMain.handle('choose-open', async (event): Promise<readonly string[]> => {
    const parent = window()
    if (!parent || !isOurs(event, parent.webContents)) return []
    const { canceled, filePaths } = await dialog.showOpenDialog(parent, {
      properties: ['openFile', 'multiSelections'],
      filters: [
        { name: 'Projects and pictures', extensions: ['palimpsest', ...PICTURES] },
        { name: 'All files', extensions: ['*'] },
      ],
    })
    return canceled ? [] : filePaths
  })
  ipcMain.handle('choose-save', async (event, name: unknown): Promise<string | null> => {
    const parent = window()
    if (!parent || !isOurs(event, parent.webContents) || typeof name !== 'string') return null
    const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]
    const { canceled, filePath } = await dialog.showSaveDialog(parent, {
      defaultPath: name,
      filters: extension ? [{ name: extension === 'palimpsest' ? 'Palimpsest project' : 'Picture', extensions: [extension] }] : [],
    })
    return canceled || !filePath ? null : filePath
  })
}
