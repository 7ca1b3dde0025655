import type { BlobId, ProjectId } from '../../preload/contract/ids.ts'
import { run, useProject } from '../studio/project.ts'
import { useView, type View } from '../studio/view.ts'
import { toolOf } from '../tools/index.ts'
import type { Modifiers, Overlay, ToolView } from '../tools/tool.ts'
import { Conductor } from './conductor.ts'
import { Easel } from './easel.ts'
import { extentOf } from './extent.ts'
import { type Floats, placeFloats, roomBelow } from './floats.ts'
import { listenForGestures } from './gestures.ts'
import { listenForKeys } from './keys.ts'
import { Lookout } from './lookout.ts'
import { OutlineTeller } from './outline-teller.ts'
import { followOverlays } from './overlays.ts'
import { Scene } from './scene.ts'
import { type Point, placement, toDocument } from './viewport.ts'
import { grant } from './wishes.ts'

/** From the hand's movement to the end of the frame that shows its paint: a performance measure for those who observe it. */
const BRUSH_TO_PAINT = 'brush event to paint'
/** Of that, what the canvas itself takes: laying the stroke, compositing, drawing. */
const BRUSH_FRAME = 'brush frame'

/** Joins the stores of the page with the easel and the tools: what is told there is shown here, what is done here is told there. */
export class Desk {
  readonly #canvas: HTMLDivElement
  readonly #host: HTMLElement
  readonly #floats: Floats
  readonly #urlOf: (project: ProjectId, blob: BlobId) => string
  readonly #easel: Easel
  readonly #conductor: Conductor
  readonly #lookout: Lookout
  readonly #endings: (() => void)[] = []
  #scene: Scene | null = null
  #project: ProjectId | null = null
  #extent: ReturnType<typeof extentOf> = null
  /** Where the pointer is, to look again when something else has changed. */
  #hover: [Point | null, Modifiers, boolean] = [null, { shift: false, alt: false, mod: false }, false]
  /** When the hand first moved since the last frame. */
  #unseen: number | null = null

  constructor(canvas: HTMLDivElement, host: HTMLElement, urlOf: (project: ProjectId, blob: BlobId) => string, floats: Floats) {
    this.#canvas = canvas
    this.#host = host
    this.#urlOf = urlOf
    this.#floats = floats
    this.#easel = new Easel(canvas, (began) => this.#afterFrame(began))
    this.#conductor = new Conductor({
      scene: () => this.#scene,
      view: () => this.#toolView(),
      run: (command) => run(command),
      wish: (wish) => grant(wish, { lookout: this.#lookout, scene: this.#scene }),
      overlay: (overlay) => this.#overlay(overlay),
    })
    this.#lookout = new Lookout({
      viewport: () => this.#easel.viewport,
      picture: () => this.#scene?.document ?? null,
      roomBelow: () => roomBelow(floats),
    })
    const resizing = new ResizeObserver(() => this.#resize())
    resizing.observe(canvas)
    // What floats under the picture may grow: a picture that fits makes room.
    const making = new ResizeObserver(() => this.#lookout.resized())
    const bar = floats.taskBar()
    if (bar) making.observe(bar)
    const restyling = new MutationObserver(() => this.#easel.restyle())
    restyling.observe(document.documentElement, { attributes: true })
    const rescaling = new AbortController()
    this.#watchScale(rescaling.signal)
    const teller = new OutlineTeller(urlOf)
    this.#endings.push(
      () => teller.close(),
      followOverlays(this.#easel),
      () => rescaling.abort(),
      () => resizing.disconnect(),
      () => making.disconnect(),
      () => restyling.disconnect(),
      useView.subscribe((view, before) => this.#viewChanged(view, before)),
      useProject.subscribe(() => this.#projectChanged()),
      listenForGestures(host, {
        conductor: this.#conductor,
        tool: () => toolOf(useView.getState().tool),
        toDocument: (at) => this.#toDocument(at),
        pan: (dx, dy) => this.#lookout.pan(dx, dy),
        zoomBy: (factor, at) => this.#lookout.zoomBy(factor, at),
        dragged: (at) => {
          this.#unseen ??= at
        },
        hovered: (at, modifiers, isPanning) => this.#hovered(at, modifiers, isPanning),
      }),
      listenForKeys(host, {
        conductor: this.#conductor,
        pan: (dx, dy) => this.#lookout.pan(dx, dy),
        zoom: (to) => this.#lookout.go(to),
      }),
    )
    this.#resize()
    this.#projectChanged()
    useView.getState().setHelp(toolOf(useView.getState().tool).help)
  }

  close(): void {
    for (const end of this.#endings) end()
    this.#scene?.close()
    this.#easel.destroy()
  }

  /** The picture's left edge and width on the page, in CSS pixels. */
  pictureOnPage(): { left: number; width: number } {
    const picture = this.#scene?.document
    const { ratio } = this.#easel.viewport
    if (!picture) return { left: 0, width: 1 }
    const place = placement(this.#easel.viewport, this.#lookout.look, picture)
    return { left: this.#canvas.getBoundingClientRect().left + place.x / ratio, width: place.width / ratio }
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas
    this.#easel.resize({ width, height, ratio: window.devicePixelRatio || 1 })
    this.#lookout.resized()
  }

  /** A window that is dragged to another screen keeps its size and changes its scale. */
  #watchScale(signal: AbortSignal): void {
    if (signal.aborted) return
    matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`).addEventListener(
      'change',
      () => {
        this.#resize()
        this.#watchScale(signal)
      },
      { once: true, signal },
    )
  }

  #projectChanged(): void {
    const { state } = useProject.getState()
    const id = state?.file.id ?? null
    if (id !== this.#project) {
      if (this.#project) this.#lookout.leave(this.#project)
      this.#conductor.cancel()
      // A frame is drawn for one picture: another does not take it over.
      useView.getState().setFrame(null)
      this.#scene?.close()
      this.#project = id
      this.#scene = id
        ? new Scene(
            (blob) => this.#urlOf(id, blob),
            () => this.#easel.request(),
            (keys) => performance.mark('stroke differed', { detail: keys }),
          )
        : null
    }
    if (!state || !this.#scene) {
      this.#show()
      return
    }
    const before = this.#scene.document
    this.#scene.show(state, useView.getState().compare?.layer ?? null)
    if (!before) this.#lookout.enter(state.file.id)
    else if (before.width !== state.document.width || before.height !== state.document.height) this.#lookout.resized()
    this.#hovered(...this.#hover)
    this.#show()
  }

  #viewChanged(view: View, before: View): void {
    this.#lookout.answer(view.zoomRequest)
    if (view.tool !== before.tool) {
      this.#conductor.cancel()
      view.setHelp(toolOf(view.tool).help)
    }
    if (view.compare?.layer !== before.compare?.layer) {
      const { state } = useProject.getState()
      if (state) this.#scene?.show(state, view.compare?.layer ?? null)
    }
    const isShown = view.zoom !== before.zoom || view.center !== before.center || view.compare !== before.compare
    const isOtherRing = view.brush.size !== before.brush.size || view.tool !== before.tool || view.layer !== before.layer
    if (isShown || isOtherRing) {
      this.#hovered(...this.#hover)
      this.#show()
    }
  }

  #show(): void {
    this.#easel.show({
      scene: this.#scene,
      look: this.#lookout.look,
      divider: useView.getState().compare,
      busy: this.#conductor.busyLayer,
    })
  }

  #toolView(): Omit<ToolView, 'lastPoint' | 'freshLayer'> | null {
    const picture = this.#scene?.document
    if (!picture) return null
    const { layer, target, brush, frame } = useView.getState()
    const active = picture.layers.find(({ id }) => id === layer) ?? null
    return {
      document: picture,
      layer: active,
      target: active?.mask ? target : 'pixels',
      brush,
      look: this.#lookout.look,
      canvas: this.#easel.viewport,
      frame,
    }
  }

  #toDocument(at: Point): Point | null {
    const picture = this.#scene?.document
    return picture ? toDocument(this.#easel.viewport, this.#lookout.look, picture, at) : null
  }

  #overlay(overlay: Overlay | null): void {
    if (overlay?.type === 'move') {
      const surface = this.#scene?.surfaces.get(overlay.layer, 'pixels')
      if (overlay.dx === 0 && overlay.dy === 0) this.#extent = surface ? extentOf(surface) : null
      const at = this.#scene?.surfaces.placeOf(overlay.layer) ?? { x: 0, y: 0 }
      this.#easel.marks.moving(this.#extent && { ...this.#extent, x: this.#extent.x + at.x, y: this.#extent.y + at.y })
    } else this.#easel.marks.moving(null)
    this.#easel.marks.objects.drawing(overlay?.type === 'outline' ? overlay.line : null)
    this.#show()
  }

  #hovered(at: Point | null, modifiers: Modifiers, isPanning: boolean): void {
    this.#hover = [at, modifiers, isPanning]
    const { tool, brush, setPointer } = useView.getState()
    const pointer = at && this.#toDocument(at)
    setPointer(pointer && { x: Math.floor(pointer.x), y: Math.floor(pointer.y) })
    const asked = isPanning ? 'grab' : this.#isRefused(tool) ? 'not-allowed' : toolOf(tool).cursor
    const cursor = cursorOf(asked, modifiers, this.#conductor.isBusy)
    const hasRing = cursor === 'brush' && at !== null
    this.#easel.marks.brush(hasRing ? { at, diameter: brush.size } : null)
    // A ring too small to see needs a cross in its middle.
    this.#host.style.cursor = cursor === 'brush' ? (brush.size * this.#lookout.look.zoom < 6 ? 'crosshair' : 'none') : cursor
    this.#easel.request()
  }

  /** Would the tool say no? */
  #isRefused(tool: View['tool']): boolean {
    const layer = this.#toolView()?.layer
    const paints = tool === 'brush' || tool === 'eraser' || tool === 'mask-brush'
    return layer ? (layer.locked && (paints || tool === 'move')) || (!layer.visible && paints) : false
  }

  #afterFrame(began: number): void {
    if (this.#unseen !== null && this.#conductor.overlay?.type === 'stroke') {
      const end = performance.now()
      for (const [name, start] of [
        [BRUSH_TO_PAINT, this.#unseen],
        [BRUSH_FRAME, began],
      ] as const) {
        performance.measure(name, { start, end })
        // Whoever observes has it by now; nobody else should keep it.
        performance.clearMeasures(name)
      }
    }
    this.#unseen = null
    const isBusy = String(this.#scene !== null && !this.#scene.isComplete)
    if (this.#host.ariaBusy !== isBusy) this.#host.ariaBusy = isBusy
    const picture = this.#scene?.document ?? null
    placeFloats(this.#floats, this.#easel.viewport, this.#lookout.look, picture, useView.getState().compare?.position ?? null)
  }
}

function cursorOf(cursor: string, { alt }: Modifiers, isBusy: boolean): string {
  if (cursor === 'brush' && alt) return 'crosshair'
  if (cursor === 'zoom-in' && alt) return 'zoom-out'
  return cursor === 'grab' && isBusy ? 'grabbing' : cursor
}
