import { z } from 'zod'
import { BlendMode, SIDE_LIMIT } from './document.ts'
import { BlobId, BranchId, JobId, LayerId, RevisionId } from './ids.ts'
import { Region, Words } from './region.ts'

/** A position in the document, in pixels; fractions are fine. */
const coordinate = z
  .number()
  .min(-SIDE_LIMIT * 2)
  .max(SIDE_LIMIT * 2)

/** A point of a stroke: document column, document row, pressure 0..1. */
export const StrokePoint = z.tuple([coordinate, coordinate, z.number().min(0).max(1)])
export type StrokePoint = z.infer<typeof StrokePoint>

/** How a stroke is laid down. Each dab is a disc; the stroke as a whole never exceeds its opacity. */
export const Brush = z.object({
  /** Diameter at full pressure, in document pixels. */
  size: z.number().min(1).max(2000),
  /** 0: falls off from the centre. 1: hard edge, one pixel of anti-aliasing. */
  hardness: z.number().min(0).max(1),
  /** Most that the stroke may cover, 0..1. */
  opacity: z.number().min(0).max(1),
  /** Distance between dabs as a share of the diameter. */
  spacing: z.number().min(0.02).max(2).default(0.1),
  /** sRGB-encoded, 0..255. Ignored on a mask, where `erase` hides and painting reveals. */
  color: z.tuple([z.int().min(0).max(255), z.int().min(0).max(255), z.int().min(0).max(255)]),
  erase: z.boolean(),
  /** Does pressure change the size? */
  pressureSize: z.boolean().default(true),
})
export type Brush = z.infer<typeof Brush>

export const ExportFormat = z.enum(['png', 'jpeg', 'webp', 'avif', 'tiff'])
export type ExportFormat = z.infer<typeof ExportFormat>

const path = z.string().min(1).max(4096)
const name = z.string().trim().min(1).max(200)

/** Changes to the layer stack: instant, no pixels. */
const layerCommands = [
  z.object({ type: z.literal('layer.add'), layer: LayerId.optional(), name: name.optional(), above: LayerId.nullish() }),
  z.object({ type: z.literal('layer.duplicate'), layer: LayerId, copy: LayerId.optional() }),
  z.object({ type: z.literal('layer.remove'), layer: LayerId }),
  /** `index` counts from the bottom, in the list without the layer. */
  z.object({ type: z.literal('layer.reorder'), layer: LayerId, index: z.int().nonnegative() }),
  z.object({
    type: z.literal('layer.set'),
    layer: LayerId,
    change: z
      .object({ name, visible: z.boolean(), locked: z.boolean(), opacity: z.number().min(0).max(1), blend: BlendMode })
      .partial()
      .refine((change) => Object.keys(change).length > 0, 'a change changes at least one thing'),
  }),
  /** Moves the layer and its mask by whole pixels. */
  z.object({
    type: z.literal('layer.translate'),
    layer: LayerId,
    dx: z.int().min(-SIDE_LIMIT).max(SIDE_LIMIT),
    dy: z.int().min(-SIDE_LIMIT).max(SIDE_LIMIT),
  }),
  /** Gives the picture another frame: layers keep their place under it, what lies outside is kept. */
  z.object({
    type: z.literal('document.frame'),
    x: z.int().min(-SIDE_LIMIT).max(SIDE_LIMIT),
    y: z.int().min(-SIDE_LIMIT).max(SIDE_LIMIT),
    width: z.int().min(1).max(SIDE_LIMIT),
    height: z.int().min(1).max(SIDE_LIMIT),
  }),
  z.object({ type: z.literal('mask.add'), layer: LayerId, rest: z.union([z.literal(0), z.literal(255)]) }),
  z.object({ type: z.literal('mask.set'), layer: LayerId, enabled: z.boolean() }),
  z.object({ type: z.literal('mask.remove'), layer: LayerId }),
] as const

/** Changes that need pixels: short, done by the engine before they are acknowledged. */
const pixelCommands = [
  z.object({
    type: z.literal('stroke.paint'),
    layer: LayerId,
    target: z.enum(['pixels', 'mask']),
    brush: Brush,
    points: z.array(StrokePoint).min(1).max(20_000),
  }),
  /** Puts a picture (a blob holding a PNG, JPEG, WebP, AVIF, TIFF, GIF or SVG file) on a new layer. */
  z.object({
    type: z.literal('picture.place'),
    blob: BlobId,
    name,
    layer: LayerId.optional(),
    above: LayerId.nullish(),
    x: z.int().optional(),
    y: z.int().optional(),
  }),
] as const

/** Changes that take long: queued as jobs. */
const jobCommands = [
  z.object({
    type: z.literal('layer.restore'),
    layer: LayerId,
    /** Id of a restoration method in the catalogue. */
    method: z.string().max(100),
    /** The method's own parameters; parsed by its schema in the engine. */
    params: z.record(z.string().max(100), z.json()),
    seed: z.int().nonnegative().max(0xffff_ffff),
  }),
  /** Makes something out of words, or out of a layer and words: a new layer above it. */
  z.object({
    type: z.literal('picture.imagine'),
    /** Id of a method of the role `imagination` in the catalogue. */
    method: z.string().max(100),
    /** Id of a model in the catalogue. */
    model: z.string().max(200),
    /** The layer worked on; null for a picture from words alone. */
    layer: LayerId.nullable(),
    /** Where, and what shall be there. Empty: the whole. */
    objects: z.array(z.object({ region: Region, becomes: Words })).max(32),
    params: z.record(z.string().max(100), z.json()),
    seed: z.int().nonnegative().max(0xffff_ffff),
  }),
  /** Runs again the command that made a revision, on the same input, with the same seed. */
  z.object({ type: z.literal('revision.rerun'), revision: RevisionId }),
] as const

/** Moves within what has happened; makes no revision. */
const historyCommands = [
  z.object({ type: z.literal('history.undo') }),
  z.object({ type: z.literal('history.redo') }),
  z.object({ type: z.literal('history.jump'), revision: RevisionId }),
  /** A named version is a flag on a revision; a null name takes the flag away. */
  z.object({ type: z.literal('version.name'), revision: RevisionId, name: name.nullable() }),
  z.object({ type: z.literal('branch.name'), branch: BranchId, name }),
] as const

/** Changes to the file or to the queue; they leave the picture alone. */
const fileCommands = [
  z.object({
    type: z.literal('picture.export'),
    format: ExportFormat,
    /** 1..100, for the formats that lose something. */
    quality: z.int().min(1).max(100).default(90),
    /** Only this layer, or the whole picture. */
    layer: LayerId.nullish(),
    /** Where to write. Absent: the result names a blob to download. */
    path: path.optional(),
  }),
  /** Shows what a region covers, before anything is done with it: the result's file is a PNG of the picture's size, white where it covers. */
  z.object({ type: z.literal('region.show'), layer: LayerId.nullable(), region: Region }),
  z.object({ type: z.literal('project.save'), path }),
  z.object({ type: z.literal('job.cancel'), job: JobId }),
  z.object({ type: z.literal('job.dismiss'), job: JobId }),
] as const

/** Every change an artist can ask for. */
export const Command = z.discriminatedUnion('type', [
  ...layerCommands,
  ...pixelCommands,
  ...jobCommands,
  ...historyCommands,
  ...fileCommands,
])
export type Command = z.infer<typeof Command>
export type CommandType = Command['type']
/** One command by its type: `CommandOf<'layer.add'>`. */
export type CommandOf<T extends CommandType> = Extract<Command, { type: T }>

/** Commands that change layers without touching pixels. */
export const LayerCommand = z.discriminatedUnion('type', layerCommands)
export type LayerCommand = z.infer<typeof LayerCommand>
export const PixelCommand = z.discriminatedUnion('type', pixelCommands)
export type PixelCommand = z.infer<typeof PixelCommand>
export const JobCommand = z.discriminatedUnion('type', jobCommands)
export type JobCommand = z.infer<typeof JobCommand>
export const HistoryCommand = z.discriminatedUnion('type', historyCommands)
export type HistoryCommand = z.infer<typeof HistoryCommand>
export const FileCommand = z.discriminatedUnion('type', fileCommands)
export type FileCommand = z.infer<typeof FileCommand>

/** What a command leaves behind once it is done. */
export const CommandResult = z.object({
  /** The revision it made or moved to. */
  revision: RevisionId.nullable(),
  /** The job it ran as, where it was queued. */
  job: JobId.nullable(),
  /** A file it made: at `path`, or as a blob to fetch. */
  file: z.object({ name: z.string(), type: z.string(), bytes: z.int(), path: z.string().nullable(), blob: BlobId.nullable() }).nullable(),
  /** What the artist should know although it worked, in full sentences. */
  notes: z.array(z.string()),
})
export type CommandResult = z.infer<typeof CommandResult>
