import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron'
import type { Wire } from '../../../preload/wire/message.ts'
import { PAGE_ADDRESS } from './page-scheme.ts'

/** Was it sent by our page, in the top frame of this window? */
export const isOurs = (event: IpcMainEvent | IpcMainInvokeEvent, contents: WebContents): boolean =>
  event.sender === contents && event.senderFrame?.parent === null && event.senderFrame.url.startsWith(PAGE_ADDRESS)

/**
 * A wire to each page a window loads, one after the other, over one channel: loading another page, or losing
 * the page's process, closes the wire of the one before.
 */
export function onWire(ipcMain: IpcMain, contents: WebContents, serve: (wire: Wire) => void): void {
  let current: { deliver(message: unknown): void; end(): void } | null = null
  const begin = () => {
    let listener: (message: unknown) => void = () => {}
    let onClosed = () => {}
    let isClosed = false
    const end = () => {
      if (isClosed) return
      isClosed = true
      onClosed()
    }
    const wire: Wire = {
      send(message) {
        if (!isClosed && !contents.isDestroyed()) contents.send('wire', message)
      },
      receive: (next) => void (listener = next),
      closed: (next) => void (onClosed = next),
      close: end,
    }
    current = { deliver: (message) => listener(message), end }
    serve(wire)
    return current
  }
  const end = () => {
    current?.end()
    current = null
  }
  const hear = (event: IpcMainEvent, message: unknown) => {
    if (isOurs(event, contents)) (current ?? begin()).deliver(message)
  }
  ipcMain.on('wire', hear)
  contents.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) end()
  })
  contents.on('render-process-gone', end)
  contents.once('destroyed', () => {
    ipcMain.off('wire', hear)
    end()
  })
}
