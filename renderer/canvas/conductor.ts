import { Brush, type CommandResult } from '../../preload/contract/command.ts'
import type { LayerId } from '../../preload/contract/ids.ts'
import { toolOf } from '../tools/index.ts'
import type { CommandInput, Outcome, Overlay, Tool, ToolEvent, ToolView, Wish } from '../tools/tool.ts'
import type { Scene } from './scene.ts'
import type { Point } from './viewport.ts'

/** What the conductor needs of the page. */
export interface ConductorOptions {
  readonly scene: () => Scene | null
  readonly view: () => Omit<ToolView, 'lastPoint' | 'freshLayer'> | null
  readonly run: (command: CommandInput) => Promise<CommandResult | null>
  readonly wish: (wish: Wish) => void
  /** What is shown of a gesture has changed. */
  readonly overlay: (overlay: Overlay | null) => void
}

/** Hands events to the tool in hand and does what comes of them. */
export class Conductor {
  readonly #options: ConductorOptions
  #held: { readonly tool: Tool; state: unknown } | null = null
  #overlay: Overlay | null = null
  #last: { readonly layer: LayerId; readonly at: Point } | null = null
  /** Where the layer that is being moved lay when the hand took it. */
  #origin: Point | null = null
  /** Moves on their way to the studio, by layer: while there is one, the layer stays where the hand has put it. */
  readonly #moves = new Map<LayerId, number>()

  constructor(options: ConductorOptions) {
    this.#options = options
  }

  /** True from press to release. */
  get isBusy(): boolean {
    return this.#held !== null
  }
  get overlay(): Overlay | null {
    return this.#overlay
  }
  /** The layer that a gesture or a move on its way is changing. */
  get busyLayer(): LayerId | null {
    return this.#overlay && 'layer' in this.#overlay ? this.#overlay.layer : null
  }

  press(tool: Tool, event: ToolEvent): void {
    this.cancel()
    this.#held = { tool, state: tool.start }
    this.#dispatch(event)
  }

  drag(event: ToolEvent): void {
    this.#dispatch(event)
  }

  release(event: ToolEvent): void {
    this.#dispatch(event)
    this.#held = null
  }

  /** @returns false when there was no gesture to give up. */
  cancel(): boolean {
    if (!this.#held) return false
    this.#dispatch({ type: 'cancel' })
    this.#held = null
    return true
  }

  /** A key for a tool that is not in use. @returns whether it did anything. */
  key(id: Tool['id'], event: ToolEvent): boolean {
    const view = this.#view()
    if (!view || this.#held) return false
    const tool = toolOf(id)
    const outcome = tool.on(tool.start, event, view)
    this.#apply(outcome)
    return (outcome.commands?.length ?? 0) + (outcome.wishes?.length ?? 0) > 0
  }

  #view(): ToolView | null {
    const view = this.#options.view()
    if (!view) return null
    const lastPoint = this.#last?.layer === view.layer?.id ? (this.#last?.at ?? null) : null
    return { ...view, lastPoint, freshLayer: `layer-${crypto.randomUUID().slice(0, 13)}` as LayerId }
  }

  #dispatch(event: ToolEvent): void {
    const held = this.#held
    const view = this.#view()
    if (!held || !view) return
    const outcome = held.tool.on(held.state, event, view)
    held.state = outcome.state
    this.#apply(outcome)
  }

  #apply(outcome: Outcome<unknown>): void {
    const { commands = [], wishes = [] } = outcome
    const overlay = outcome.overlay ?? null
    for (const command of commands) this.#run(command)
    for (const wish of wishes) this.#options.wish(wish)
    const scene = this.#options.scene()
    if (scene) {
      if (overlay?.type === 'stroke') scene.paint.show(overlay)
      else if (scene.paint.isPainting) scene.paint.show(null)
      if (overlay?.type === 'move') this.#hold(scene, overlay.layer, overlay.dx, overlay.dy)
      else if (this.#overlay?.type === 'move') this.#letGo(scene, this.#overlay.layer)
    }
    this.#overlay = overlay
    this.#options.overlay(overlay)
  }

  #run(command: CommandInput): void {
    const scene = this.#options.scene()
    if (scene && command.type === 'stroke.paint') {
      const [x, y] = command.points.at(-1) ?? [0, 0]
      this.#last = { layer: command.layer as LayerId, at: { x, y } }
      const { layer, target, points } = command
      const stroke = { type: 'stroke', layer: layer as LayerId, target, brush: Brush.parse(command.brush), points } as const
      scene.paint.send(stroke, this.#options.run(command))
    } else if (scene && command.type === 'layer.translate')
      void this.#move(scene, command.layer as LayerId, command.dx, command.dy, command)
    else void this.#options.run(command)
  }

  #hold(scene: Scene, layer: LayerId, dx: number, dy: number): void {
    this.#origin ??= scene.surfaces.placeOf(layer)
    scene.surfaces.hold(layer, { x: this.#origin.x + dx, y: this.#origin.y + dy })
    scene.invalidate()
  }

  /** The layer stays where the hand has put it until the document that holds the move is shown. */
  async #move(scene: Scene, layer: LayerId, dx: number, dy: number, command: CommandInput): Promise<void> {
    this.#hold(scene, layer, dx, dy)
    this.#origin = null
    this.#moves.set(layer, (this.#moves.get(layer) ?? 0) + 1)
    const result = await this.#options.run(command)
    if (result?.revision) await scene.whenShown(result.revision)
    this.#moves.set(layer, (this.#moves.get(layer) ?? 1) - 1)
    // A hand that has taken the layer again lets it go itself.
    if (this.busyLayer !== layer) this.#letGo(scene, layer)
  }

  #letGo(scene: Scene, layer: LayerId): void {
    const isOnItsWay = (this.#moves.get(layer) ?? 0) > 0
    if (!isOnItsWay) scene.surfaces.hold(layer, null)
    else if (this.#origin) scene.surfaces.hold(layer, this.#origin)
    this.#origin = null
    scene.invalidate()
  }
}
