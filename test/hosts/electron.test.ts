import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startDesktop } from '../../main/hosts/electron/index.ts'
import { filesOf } from '../../main/hosts/electron/open-files.ts'
import { sourceFolders } from '../../main/hosts/folders.ts'
import { createStudio } from '../../main/studio/studio.ts'
import type { Client } from '../../preload/contract/call.ts'
import { blobPath, studio as contract, type Studio } from '../../preload/contract/studio.ts'
import { connect } from '../../preload/wire/connect.ts'
import type { Wire } from '../../preload/wire/message.ts'
import { StandIn } from './electron-stand-in.ts'

const { samples, models } = sourceFolders()
const ENGINE = join(import.meta.dirname, '../../main/engine/index.ts')
let folder: string
let electron: StandIn

/** The real studio and the real engine, behind the stand-in's screen. */
const start = (argv: string[] = ['electron', '.']) =>
  startDesktop(electron.module, {
    argv,
    resources: folder,
    createStudio: (options) => {
      electron.order.push('studio')
      return createStudio({ ...options, samplesFolder: samples })
    },
    places: { engine: ENGINE, models },
  })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-desktop-'))
  await mkdir(join(folder, 'out', 'page'), { recursive: true })
  await writeFile(join(folder, 'out', 'page', 'index.html'), '<!doctype html><title>Palimpsest</title>')
  electron = new StandIn(folder, join(folder, 'data'))
})
afterEach(async () => {
  electron.app.quit()
  await expect.poll(() => electron.order.includes('quit') || electron.windows.length === 0, { timeout: 10_000 }).toBe(true)
  await rm(folder, { recursive: true, force: true })
})

/** The page's end of the wire, as the preload script makes it. */
function page(): { client: Client<Studio>; wire: Wire } {
  const { window } = electron
  const wire: Wire = {
    send: (message) => void electron.ipcMain.emit('wire', electron.from(window), structuredClone(message)),
    receive: (listener) => void window.webContents.on('sent:wire', listener),
    closed: () => {},
    close: () => {},
  }
  return { client: connect(contract, wire), wire }
}

const ask = (path: string, init?: RequestInit) => {
  const answer = electron.schemes.get('palimpsest')
  if (!answer) throw new Error('The scheme is not served.')
  return answer(new Request(`palimpsest://app${path}`, init))
}

describe('starting', () => {
  test('happens in the one order that works', async () => {
    await start()
    expect(electron.order).toEqual([`userData=${join(folder, 'data', 'window')}`, 'scheme', 'ready', 'studio'])
    expect(electron.privileged).toEqual([
      { scheme: 'palimpsest', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } },
    ])
    const { options, address } = electron.window
    expect(address).toBe('palimpsest://app/')
    expect(options.webPreferences).toMatchObject({
      preload: join(folder, 'out', 'preload', 'index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    })
    electron.window.emit('ready-to-show')
    expect(electron.window.calls).toEqual(['show'])
  })

  test('a second time hands over and leaves', async () => {
    electron.isFirst = false
    await start()
    expect([electron.windows, electron.order.includes('studio'), electron.order.at(-1)]).toEqual([[], false, 'quit'])
  })
})

describe('the page', () => {
  test('speaks the contract with the real studio, whose engine is a process of its own', async () => {
    await start()
    const { client } = page()
    const { host, methods } = await client.catalog({})
    expect([host, methods.map(({ id }) => id)]).toEqual(['electron', expect.arrayContaining(['pmrf'])])
    expect(electron.engines).toHaveLength(1)
    const picture = await sharp({ create: { width: 12, height: 9, channels: 3, background: '#804020' } })
      .png()
      .toBuffer()
    const taken = await ask('/upload', { method: 'POST', body: new Uint8Array(picture) })
    const { upload } = (await taken.json()) as { upload: string }
    const { document, file } = await client.open({ from: 'upload', upload, name: 'brown.png' })
    expect(document).toMatchObject({ width: 12, height: 9 })
    const index = document.layers[0]?.pixels?.index
    if (!index) throw new Error('The layer has no pixels.')
    const blob = await ask(blobPath(file.id, index))
    expect([blob.status, blob.headers.get('content-encoding'), (await blob.text()).slice(0, 4)]).toEqual([200, null, 'PTI1'])
  })

  test('comes from our scheme with the policy, and from nowhere else', async () => {
    await start()
    const index = await ask('/')
    expect(await index.text()).toContain('<title>Palimpsest</title>')
    expect(index.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
    expect((await ask('/../../data/recents.json')).status).toBe(404)
    const other = await electron.schemes.get('palimpsest')?.(new Request('palimpsest://elsewhere/'))
    expect(other?.status).toBe(404)
  })

  test('that is loaded again gets a wire of its own; what the old one watched ends', async () => {
    await start()
    const { client } = page()
    const { file } = await client.open({ from: 'size', width: 4, height: 4, background: null })
    const { window } = electron
    electron.ipcMain.emit('wire', electron.from(window), { type: 'call', id: 90, name: 'watch', input: { project: file.id } })
    await expect.poll(() => window.webContents.sent.length).toBeGreaterThan(1)
    window.webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false })
    const before = window.webContents.sent.length
    const { client: next } = page()
    await next.close({ project: file.id })
    // The old watch would have told that the project was closed.
    expect(window.webContents.sent.slice(before).map(([, message]) => (message as { id: number }).id)).not.toContain(90)
  })
})

describe('nobody else', () => {
  test.each([
    ['another frame', { url: 'palimpsest://app/', parent: {} }],
    ['another address', { url: 'https://evil.example/', parent: null }],
  ])('%s is heard on the wire or by the dialogs', async (_words, frame) => {
    await start()
    const { window } = electron
    electron.chosen = { filePaths: ['/a.png'], filePath: '/b.png', canceled: false }
    electron.ipcMain.emit('wire', electron.from(window, frame), { type: 'call', id: 1, name: 'nothing', input: {} })
    expect(await electron.answers.get('choose-open')?.(electron.from(window, frame))).toEqual([])
    expect(await electron.answers.get('choose-save')?.(electron.from(window, frame), 'x.png')).toBeNull()
    expect(window.webContents.sent).toEqual([])
  })

  test('gets a permission, another window, another page or a request out', async () => {
    await start()
    const { window, session } = electron
    const answers: unknown[] = []
    session.request?.({} as never, 'geolocation' as never, ((answer: boolean) => answers.push(answer)) as never)
    answers.push(session.check?.(), session.device?.())
    for (const url of ['https://evil.example/', 'http://127.0.0.1/', 'file:///etc/passwd', 'palimpsest://app/'])
      session.before?.({ url } as never, (({ cancel }: { cancel: boolean }) => answers.push(cancel)) as never)
    expect(answers).toEqual([false, false, false, true, true, true, false])
    expect(window.webContents.onWindowOpen?.({ url: 'https://evil.example/' })).toEqual({ action: 'deny' })
    const navigate = (url: string) => {
      let isPrevented = false
      window.webContents.emit('will-frame-navigate', { url, preventDefault: () => (isPrevented = true) })
      return isPrevented
    }
    expect(['https://evil.example/', 'file:///x', 'palimpsest://app/x', 'palimpsest://app/'].map(navigate)).toEqual([
      true,
      true,
      true,
      false,
    ])
  })
})

test('the paper of a method opens in the system’s browser, and no other address does', async () => {
  await start()
  const { methods } = await page().client.catalog({})
  const link = methods.find(({ id }) => id === 'pmrf')?.paper.link ?? ''
  for (const url of ['https://evil.example/', `${link}?x`, 'file:///etc/passwd', link])
    expect(electron.window.webContents.onWindowOpen?.({ url })).toEqual({ action: 'deny' })
  await expect.poll(() => electron.links).toEqual([link])
})

describe('files from outside', () => {
  test('wait for the page, wherever they come from', async () => {
    const starting = start(['electron', '.', 'a.palimpsest', '--flag=x.png'])
    let isPrevented = false
    electron.app.emit('open-file', { preventDefault: () => (isPrevented = true) }, '/early/b.png')
    await starting
    const { webContents, calls } = electron.window
    expect(webContents.sent).toEqual([])
    webContents.emit('did-finish-load')
    electron.app.emit('second-instance', {}, ['electron', 'c.jpg', '-x', 'notes.txt'], '/elsewhere')
    expect(webContents.sent).toEqual([
      ['open-path', join(process.cwd(), 'a.palimpsest')],
      ['open-path', '/early/b.png'],
      ['open-path', '/elsewhere/c.jpg'],
    ])
    expect([isPrevented, calls]).toEqual([true, ['focus']])
  })

  test('are told from switches by their names', () => {
    expect(filesOf(['electron', '.', '--x=y.png', 'A.PALIMPSEST', '/b/c.tif', 'd.exe'], '/here')).toEqual([
      '/here/A.PALIMPSEST',
      '/b/c.tif',
    ])
  })
})

test('dialogs answer the page with paths', async () => {
  await start()
  const event = electron.from(electron.window)
  electron.chosen = { filePaths: ['/a.png', '/b.palimpsest'], filePath: '/c.png', canceled: false }
  expect(await electron.answers.get('choose-open')?.(event)).toEqual(['/a.png', '/b.palimpsest'])
  expect(await electron.answers.get('choose-save')?.(event, 'c.png')).toBe('/c.png')
  expect(await electron.answers.get('choose-save')?.(event, { name: 'c' })).toBeNull()
  electron.chosen = { ...electron.chosen, canceled: true }
  expect(await electron.answers.get('choose-open')?.(event)).toEqual([])
  expect(await electron.answers.get('choose-save')?.(event, 'c.png')).toBeNull()
})

test('the menu names actions of the page', async () => {
  await start()
  const items = electron.menu.flatMap(({ submenu }) => submenu ?? [])
  for (const { click } of items) click?.()
  const told = electron.window.webContents.sent.map(([channel, action]) => `${channel} ${action}`)
  expect(told).toEqual(
    ['file.new', 'file.open', 'file.save', 'file.save-as', 'file.export', 'file.close', 'edit.undo', 'edit.redo'].map((id) => `menu ${id}`),
  )
})

test('quitting ends the engine before the application', async () => {
  await start()
  await page().client.catalog({})
  const [pid = 0] = electron.engines
  const isAlive = () => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  expect(isAlive()).toBe(true)
  electron.app.emit('window-all-closed')
  await expect.poll(() => electron.order.at(-1), { timeout: 10_000 }).toBe('quit')
  expect(isAlive()).toBe(false)
})
