import { z } from 'zod'
import { ask, watch } from '../../preload/contract/call.ts'
import { EngineState, MethodCard, ModelCard } from '../../preload/contract/catalog.ts'
import { Brush, ExportFormat, StrokePoint } from '../../preload/contract/command.ts'
import { Document, EditedObject, Mask, Pixels } from '../../preload/contract/document.ts'
import { Progress } from '../../preload/contract/event.ts'
import { BlobId, LayerId } from '../../preload/contract/ids.ts'
import { ModelProgress, ModelRequest, ModelResult } from '../../preload/contract/models.ts'
import { PlacedRegion } from '../../preload/contract/region.ts'
import type { Wire } from '../../preload/wire/message.ts'

const seed = z.int().nonnegative().max(0xffff_ffff)

/** What the engine can be asked to do. Pixels are named, never sent; results are written to the blobs of the project file before they are named. */
export const Task = z.discriminatedUnion('type', [
  /** Reads a picture file (by path or blob) into tiles at (0, 0), its EXIF orientation applied. */
  z.object({ type: z.literal('place'), source: z.union([z.object({ path: z.string() }), z.object({ blob: BlobId })]) }),
  /** An opaque rectangle in one colour. */
  z.object({ type: z.literal('fill'), width: z.int(), height: z.int(), color: z.tuple([z.int(), z.int(), z.int()]) }),
  /** Lays a stroke on a layer's pixels, within the document's bounds. */
  z.object({
    type: z.literal('paint'),
    pixels: Pixels.nullable(),
    width: z.int(),
    height: z.int(),
    brush: Brush,
    points: z.array(StrokePoint),
  }),
  /** Lays a stroke on a mask: erasing hides, painting reveals. */
  z.object({ type: z.literal('paint-mask'), mask: Mask, width: z.int(), height: z.int(), brush: Brush, points: z.array(StrokePoint) }),
  /** Flattens a document (or one layer of it) into a file. */
  z.object({
    type: z.literal('export'),
    document: Document,
    layer: LayerId.nullable(),
    format: ExportFormat,
    quality: z.int(),
    path: z.string().nullable(),
  }),
  /** A PNG of the whole picture, its long side at most `side` pixels. */
  z.object({ type: z.literal('thumbnail'), document: Document, side: z.int().min(16).max(1024) }),
  /** Restores the part of a layer that lies in the document. */
  z.object({
    type: z.literal('restore'),
    pixels: Pixels,
    width: z.int(),
    height: z.int(),
    method: z.string(),
    params: z.record(z.string(), z.json()),
    seed,
  }),
  /** Makes something out of words, and out of the layer where one is given. Outside the objects (and their feather) a layer's pixels stay bit-identical. */
  z.object({
    type: z.literal('imagine'),
    pixels: Pixels.nullable(),
    width: z.int(),
    height: z.int(),
    method: z.string(),
    model: z.string(),
    objects: z.array(EditedObject),
    params: z.record(z.string(), z.json()),
    seed,
  }),
  /** What a region covers: tiles, and a PNG of the document's size, white and as opaque as it covers. */
  z.object({ type: z.literal('region'), pixels: Pixels.nullable(), width: z.int(), height: z.int(), region: PlacedRegion }),
])
export type Task = z.infer<typeof Task>
export type TaskOf<T extends Task['type']> = Extract<Task, { type: T }>

const file = z.object({ type: z.string(), bytes: z.int(), blob: BlobId.nullable() })

/** What a picture file says that it was made with, in the words of `generate`. */
export const PictureSettings = z.object({ params: z.record(z.string(), z.json()), seed })
export type PictureSettings = z.infer<typeof PictureSettings>

/** What the long tasks make: layers, and all that is needed to make them again. */
const made = {
  /** One or two pictures, bottom first; the last is the one to show. `label` e.g. "faithful", "realistic". */
  layers: z.array(z.object({ label: z.string(), visible: z.boolean(), pixels: Pixels, measures: z.record(z.string(), z.number()) })),
  /** The parameters as the method's schema completed them. */
  params: z.record(z.string(), z.json()),
  models: z.array(z.object({ id: z.string(), sha256: z.string() })),
  provider: z.string(),
  notes: z.array(z.string()),
}

export const TaskResult = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('place'),
    pixels: Pixels,
    width: z.int(),
    height: z.int(),
    profile: BlobId.nullable(),
    exif: BlobId.nullable(),
    /** What the file says that it was made with. */
    settings: PictureSettings.nullable().default(null),
    notes: z.array(z.string()),
  }),
  z.object({ type: z.literal('fill'), pixels: Pixels }),
  z.object({ type: z.literal('paint'), pixels: Pixels }),
  z.object({ type: z.literal('paint-mask'), pixels: Pixels }),
  z.object({ type: z.literal('export'), file, notes: z.array(z.string()) }),
  z.object({ type: z.literal('thumbnail'), blob: BlobId }),
  z.object({ type: z.literal('restore'), ...made }),
  z.object({ type: z.literal('imagine'), ...made }),
  z.object({ type: z.literal('region'), mask: Mask, blob: BlobId }),
])
export type TaskResult = z.infer<typeof TaskResult>
export type TaskResultOf<T extends Task['type']> = Extract<TaskResult, { type: T }>

/** The contract between the studio and its engine process. */
export const engine = {
  /** What it can do, and which models are there and sound. */
  catalogue: ask(z.object({}), z.object({ methods: z.array(MethodCard), models: z.array(ModelCard) })),
  /** Its health now, then every change of it. */
  state: watch(z.object({}), EngineState, z.object({})),
  /** Runs one task on the blobs of the project file at `store`. */
  run: watch(z.object({ store: z.string(), task: Task }), Progress, TaskResult),
  /** Everything about the models of this machine. */
  models: watch(ModelRequest, ModelProgress, ModelResult),
}
export type Engine = typeof engine

/** Why an engine process ended. */
export type EngineExit =
  | { readonly reason: 'asked' }
  | { readonly reason: 'killed'; readonly signal: string }
  | { readonly reason: 'exited'; readonly code: number }
  | { readonly reason: 'unstartable'; readonly message: string }

/** A running engine process, as a host hands it to the studio. */
export interface EngineProcess {
  readonly wire: Wire
  readonly pid: number | undefined
  readonly exited: Promise<EngineExit>
  /** Ends it: politely first, by force after a second. */
  stop(): Promise<EngineExit>
}
/**
 * Each host has its own way to start an engine: a child process, or Electron's utility process.
 * `provider` is named where it must be the processor (`PALIMPSEST_PROVIDER`), because an accelerator crashed the engine before.
 */
export type StartEngine = (options?: { readonly provider?: 'cpu' }) => EngineProcess
