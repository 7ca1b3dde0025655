import { fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import type { Electron } from '../../main/hosts/electron/electron.ts'

type Listener = (...values: never[]) => unknown

/** What a page's process does, seen from the main side. */
class Contents extends EventEmitter {
  readonly sent: [string, unknown][] = []
  onWindowOpen: ((wanted: { url: string }) => unknown) | undefined
  isGone = false
  send(channel: string, value: unknown) {
    this.sent.push([channel, structuredClone(value)])
    this.emit(`sent:${channel}`, value)
  }
  setWindowOpenHandler(handler: (wanted: { url: string }) => unknown) {
    this.onWindowOpen = handler
  }
  isDestroyed() {
    return this.isGone
  }
}

class Window extends EventEmitter {
  readonly webContents = new Contents()
  readonly calls: string[] = []
  readonly options: Record<string, unknown>
  address = ''
  constructor(options: Record<string, unknown>) {
    super()
    this.options = options
  }
  async loadURL(address: string) {
    this.address = address
  }
  show() {
    this.calls.push('show')
  }
  focus() {
    this.calls.push('focus')
  }
  restore() {
    this.calls.push('restore')
  }
  isMinimized() {
    return this.calls.at(-1) === 'minimize'
  }
}

/** Electron's module as far as the desktop host uses it: its events, its refusals and its order, without a screen. */
export class StandIn {
  readonly windows: Window[] = []
  readonly schemes = new Map<string, (request: Request) => Promise<Response> | Response>()
  readonly privileged: unknown[] = []
  readonly answers = new Map<string, (event: unknown, ...values: unknown[]) => unknown>()
  readonly session: Record<string, Listener> = {}
  readonly engines: number[] = []
  /** What the system's browser was asked to open. */
  readonly links: string[] = []
  /** What happened to the application, in order. */
  readonly order: string[] = []
  /** What the dialogs answer. */
  chosen: { filePaths: string[]; filePath: string; canceled: boolean } = { filePaths: [], filePath: '', canceled: false }
  menu: { label?: string; submenu?: { label?: string; click?: () => void }[] }[] = []
  isFirst = true
  readonly app = Object.assign(new EventEmitter(), {
    isPackaged: false,
    getAppPath: () => this.root,
    getVersion: () => '0.0.0',
    setPath: (name: string, path: string) => this.order.push(`${name}=${path}`),
    commandLine: { getSwitchValue: () => this.data },
    requestSingleInstanceLock: () => this.isFirst,
    whenReady: async () => this.order.push('ready'),
    quit: () => {
      const event = { isPrevented: false, preventDefault: () => (event.isPrevented = true) }
      this.app.emit('will-quit', event)
      if (!event.isPrevented) this.order.push('quit')
    },
  })
  readonly ipcMain = Object.assign(new EventEmitter(), {
    handle: (channel: string, answer: (event: unknown, ...values: unknown[]) => unknown) => this.answers.set(channel, answer),
  })
  private readonly root: string
  private readonly data: string
  constructor(root: string, data: string) {
    this.root = root
    this.data = data
  }

  /** A page that has loaded our address: what it sends arrives as Electron delivers it. */
  get window(): Window {
    const window = this.windows.at(-1)
    if (!window) throw new Error('No window was opened.')
    return window
  }
  from(window: Window, frame: { url: string; parent: unknown } = { url: 'palimpsest://app/', parent: null }) {
    return { sender: window.webContents, senderFrame: frame }
  }

  /** The module, in Electron's own types. Only what the host uses is there. */
  get module(): Electron {
    const standIn = this
    const set = (name: string) => (handler: Listener) => (this.session[name] = handler)
    const module = {
      app: this.app,
      ipcMain: this.ipcMain,
      BrowserWindow: class extends Window {
        constructor(options: Record<string, unknown>) {
          super(options)
          standIn.windows.push(this)
          standIn.app.emit('web-contents-created', {}, this.webContents)
        }
      },
      Menu: {
        buildFromTemplate: (template: typeof this.menu) => template,
        setApplicationMenu: (menu: typeof this.menu) => (this.menu = menu),
      },
      dialog: { showOpenDialog: async () => this.chosen, showSaveDialog: async () => this.chosen },
      protocol: {
        registerSchemesAsPrivileged: (schemes: unknown[]) => {
          this.order.push('scheme')
          this.privileged.push(...schemes)
        },
        handle: (scheme: string, answer: (request: Request) => Response) => this.schemes.set(scheme, answer),
      },
      session: {
        defaultSession: {
          setPermissionRequestHandler: set('request'),
          setPermissionCheckHandler: set('check'),
          setDevicePermissionHandler: set('device'),
          webRequest: { onBeforeRequest: set('before') },
        },
      },
      shell: { openExternal: async (address: string) => void this.links.push(address) },
      utilityProcess: { fork: (entry: string, args: string[], options: { env: NodeJS.ProcessEnv }) => this.fork(entry, args, options.env) },
    }
    return module as unknown as Electron
  }

  /** A utility process is a Node of its own; here it really is one. */
  private fork(entry: string, args: string[], env: NodeJS.ProcessEnv) {
    const child = fork(entry, args, { env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced', execArgv: [] })
    if (child.pid) this.engines.push(child.pid)
    const utility = new EventEmitter()
    child.on('message', (message) => utility.emit('message', message))
    child.on('exit', (code, signal) => utility.emit('exit', code ?? (signal === 'SIGKILL' ? 9 : 15)))
    return Object.assign(utility, {
      pid: child.pid,
      postMessage: (message: NodeJS.Dict<unknown>) => child.connected && child.send(message),
      kill: () => child.kill(),
    })
  }
}
