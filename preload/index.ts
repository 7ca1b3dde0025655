import { contextBridge, ipcRenderer, webUtils } from 'electron'

const hear = (channel: string) => (listener: (value: unknown) => void) => {
  ipcRenderer.on(channel, (_event, value) => listener(value))
}

// All that the page may reach beyond itself: a wire, the paths of files dropped on it, and two dialogs.
contextBridge.exposeInMainWorld('palimpsest', {
  host: 'electron',
  send: (message: unknown) => ipcRenderer.send('wire', message),
  receive: hear('wire'),
  pathForFile: (file: File) => webUtils.getPathForFile(file),
  chooseOpen: () => ipcRenderer.invoke('choose-open'),
  chooseSave: (name: string) => ipcRenderer.invoke('choose-save', name),
  onOpenPath: hear('open-path'),
  onMenu: hear('menu'),
})
