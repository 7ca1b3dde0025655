import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { type Browser, chromium, type Page } from 'playwright'
import { createServer, type ViteDevServer } from 'vite'
import { type Document, type Layer, type PixelFormat, type Pixels, TILE } from '../../../preload/contract/document.ts'
import type { ProjectState } from '../../../preload/contract/event.ts'
import type { BlobId, BranchId, LayerId, ProjectId, RevisionId } from '../../../preload/contract/ids.ts'
import { encodeTileIndex } from '../../../preload/contract/tile-index.ts'

const CHROMIUM = '/usr/bin/chromium'
export const hasChromium = existsSync(CHROMIUM)
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const HTML = `<!doctype html><html><head><link rel="stylesheet" href="/renderer/design/tokens.css"><style>html,body,#root{margin:0;width:100%;height:100%}</style></head>
<body><div id="root"></div><script type="module" src="/test/renderer/canvas/page.tsx"></script></body></html>`

/** The stage in a real browser, fed with blobs that are kept in memory. */
export class StagePage implements AsyncDisposable {
  readonly page: Page
  readonly #blobs: Map<string, Uint8Array>
  readonly #server: ViteDevServer
  readonly #browser: Browser

  private constructor(page: Page, blobs: Map<string, Uint8Array>, server: ViteDevServer, browser: Browser) {
    this.page = page
    this.#blobs = blobs
    this.#server = server
    this.#browser = browser
  }

  static async open(size = { width: 800, height: 600 }, ratio = 1): Promise<StagePage> {
    const blobs = new Map<string, Uint8Array>()
    const server = await createServer({
      configFile: false,
      root: ROOT,
      cacheDir: `${ROOT}.cache/vite-stage-page`,
      appType: 'custom',
      logLevel: 'error',
      server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
      plugins: [
        react(),
        {
          name: 'blobs',
          configureServer: ({ middlewares, transformIndexHtml }) => {
            middlewares.use((request, response, next) => {
              const path = new URL(request.url ?? '/', 'http://localhost').pathname
              const blob = blobs.get(path.split('/').at(-1) ?? '')
              if (path === '/')
                void transformIndexHtml(path, HTML).then((html) => response.setHeader('content-type', 'text/html').end(html))
              else if (path.startsWith('/blob/')) response.writeHead(blob ? 200 : 404).end(blob)
              else next()
            })
          },
        },
      ],
    })
    await server.listen()
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        '--no-sandbox',
        '--headless=new',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
    const page = await browser.newPage({ viewport: size, deviceScaleFactor: ratio })
    page.on('pageerror', (error) => console.error(error))
    await page.goto(server.resolvedUrls?.local[0] ?? '')
    await page.waitForFunction(() => 'stage' in window && document.querySelector('.stage canvas'))
    return new StagePage(page, blobs, server, browser)
  }

  put(bytes: Uint8Array): BlobId {
    const id = createHash('sha256').update(bytes).digest('hex') as BlobId
    this.#blobs.set(id, bytes)
    return id
  }

  /** Tiles by `column,row`, as the pixels of a layer or a mask. */
  pixels(format: PixelFormat, tiles: ReadonlyMap<string, Uint8Array>, x = 0, y = 0): Pixels {
    const named = new Map([...tiles].map(([key, bytes]) => [key, this.put(bytes)]))
    return { index: this.put(encodeTileIndex({ format, tiles: named })), x, y }
  }

  /** Shows a document and waits until the canvas rests. */
  async show(document: Document): Promise<void> {
    await this.page.evaluate((state) => window.stage.show(state), JSON.stringify(stateOf(document)))
    await this.rest()
  }

  async look(zoom: number, center: { x: number; y: number }): Promise<void> {
    await this.page.evaluate(([zoom, center]) => window.stage.view.getState().setViewport(zoom, center), [zoom, center] as const)
    await this.rest()
  }

  /** Until everything in view shows what it should. */
  async rest(): Promise<void> {
    await this.page.evaluate(async () => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
      for (let quiet = 0; quiet < 3; quiet++) {
        await frame()
        if (document.querySelector('.stage')?.ariaBusy === 'true') quiet = -1
      }
    })
  }

  /** Straight-alpha RGBA of the picture's canvas, in device pixels. */
  async read(x: number, y: number, width: number, height: number): Promise<Uint8Array> {
    const base64 = await this.page.evaluate(
      ([x, y, width, height]) => {
        const canvas = document.querySelector<HTMLCanvasElement>('.stage canvas')
        let binary = ''
        for (const byte of canvas?.getContext('2d')?.getImageData(x, y, width, height).data ?? []) binary += String.fromCharCode(byte)
        return btoa(binary)
      },
      [x, y, width, height] as const,
    )
    return new Uint8Array(Buffer.from(base64, 'base64'))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close()
    await this.#server.close()
  }
}

export const layerOf = (id: string, pixels: Pixels | null, change: Partial<Layer> = {}): Layer => ({
  id: id as LayerId,
  kind: 'raster',
  name: id,
  visible: true,
  locked: false,
  opacity: 1,
  blend: 'normal',
  pixels,
  mask: null,
  recipe: null,
  ...change,
})

export const documentOf = (width: number, height: number, layers: Layer[]): Document => ({
  width,
  height,
  layers,
  profile: null,
  exif: null,
})

let revisions = 0
function stateOf(document: Document): ProjectState {
  const revision = ++revisions as RevisionId
  const branch = 1 as BranchId
  return {
    file: { id: '6f2f2c0e-5f6e-4a39-9f5c-6c1f6d1a2b3c' as ProjectId, title: 'Test', path: null, readOnly: false, notes: [] },
    head: { branch, revision, canUndo: false, canRedo: false },
    document,
    revisions: [],
    branches: [{ id: branch, name: 'Main', tip: revision }],
    jobs: [],
    engine: { status: 'ready', provider: null, why: '', memory: { used: 0, budget: 1 } },
  }
}

/** A tile filled pixel by pixel. */
export function tileOf(pixel: (x: number, y: number) => readonly [number, number, number, number]): Uint8Array {
  const bytes = new Uint8Array(TILE * TILE * 4)
  for (let y = 0; y < TILE; y++) for (let x = 0; x < TILE; x++) bytes.set(pixel(x, y), 4 * (y * TILE + x))
  return bytes
}
