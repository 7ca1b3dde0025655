import type { App, Session } from 'electron'
import { PAGE_ADDRESS } from './page-scheme.ts'

/** Whatever a page of ours becomes, it stays ours: it goes nowhere else, opens no window and embeds nothing. `onLink` hears where it wanted to go. */
export function confinePages(app: App, onLink: (address: string) => void): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(({ url }) => {
      onLink(url)
      return { action: 'deny' }
    })
    contents.on('will-frame-navigate', (event) => {
      if (event.url !== PAGE_ADDRESS) event.preventDefault()
    })
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
  })
}

const OWN = new Set([new URL(PAGE_ADDRESS).protocol, 'blob:', 'data:', 'devtools:'])

/** No permission is granted and no request leaves the machine. */
export function closeSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !OWN.has(new URL(url).protocol) }))
}
