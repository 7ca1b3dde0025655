import { z } from 'zod'

export const KnobValue = z.union([z.number(), z.string(), z.boolean(), z.null()])
export type KnobValue = z.infer<typeof KnobValue>

const Property = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  default: KnobValue.optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  multipleOf: z.number().optional(),
  maxLength: z.number().optional(),
  /** Text of more than one line. */
  multiline: z.boolean().optional(),
  enum: z.array(z.string()).optional(),
  /** Choices that bring their own titles. */
  anyOf: z.array(z.object({ const: z.string(), title: z.string().optional() })).optional(),
})
/** What may also be nothing at all: the method, or its model, decides then. */
const Open = z.object({ anyOf: z.tuple([z.record(z.string(), z.unknown()), z.object({ type: z.literal('null') })]) })
type Property = z.infer<typeof Property>

export interface Option {
  readonly value: string
  readonly title: string
}

/** A parameter of a method as a control. */
export type Knob = { readonly id: string; readonly title: string; readonly tip: string | undefined } & (
  | {
      readonly kind: 'range'
      readonly min: number
      readonly max: number
      readonly step: number
      /** Null where it is left open at first: then the method, or its model, decides. */
      readonly initial: number | null
      readonly isOpen: boolean
    }
  | { readonly kind: 'choice'; readonly options: readonly Option[]; readonly initial: string }
  | { readonly kind: 'switch'; readonly initial: boolean }
  | { readonly kind: 'text'; readonly multiline: boolean; readonly limit: number; readonly initial: string }
)

/** As long as a text may be where its schema does not say. */
const TEXT_LIMIT = 2000

/** "fromPosition" and "from-position" as "From position". */
function spoken(id: string): string {
  const words = id
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_]/g, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** A step that crosses the range in about a hundred: 0.01 for 0..1 and for 0.02..1, 0.002 for 0..0.3. */
function stepOf(min: number, max: number): number {
  const rough = (max - min) / 100
  const power = 10 ** Math.floor(Math.log10(rough))
  return [1, 2, 5, 10].map((factor) => factor * power).findLast((step) => step <= rough * 1.05) ?? power
}

/** The titles of what can be chosen: its own, that of the method it names, or its id spoken. */
function optionsOf({ enum: values, anyOf }: Property, titleOf: TitleOf): Option[] | null {
  const choices =
    anyOf?.map((choice) => ({ value: choice.const, title: choice.title })) ?? values?.map((value) => ({ value, title: undefined }))
  return choices?.map(({ value, title }) => ({ value, title: title ?? titleOf(value) ?? spoken(value) })) ?? null
}

function knob(id: string, schema: unknown, titleOf: TitleOf): Knob | null {
  const open = Open.safeParse(schema)
  if (open.success) {
    const inner = knob(id, { ...(schema as object), ...open.data.anyOf[0], anyOf: undefined }, titleOf)
    return inner?.kind === 'range' ? { ...inner, isOpen: true } : null
  }
  const parsed = Property.safeParse(schema)
  if (!parsed.success) return null
  const property = parsed.data
  const words = { id, title: property.title ?? spoken(id), tip: property.description }
  const types = [property.type ?? []].flat()
  const { minimum: min, maximum: max, default: initial } = property
  const options = optionsOf(property, titleOf)
  if (options) return { ...words, kind: 'choice', options, initial: String(initial ?? options[0]?.value) }
  if (types.includes('boolean')) return { ...words, kind: 'switch', initial: initial === true }
  if (types.includes('string'))
    return {
      ...words,
      kind: 'text',
      multiline: property.multiline ?? false,
      limit: property.maxLength ?? TEXT_LIMIT,
      initial: typeof initial === 'string' ? initial : '',
    }
  if ((types.includes('number') || types.includes('integer')) && min !== undefined && max !== undefined) {
    const step = property.multipleOf ?? (types.includes('integer') ? 1 : stepOf(min, max))
    return {
      ...words,
      kind: 'range',
      min,
      max,
      step,
      initial: typeof initial === 'number' || initial === null ? initial : min,
      isOpen: false,
    }
  }
  return null
}

/** What a choice that names a method is called; undefined where it names none. */
type TitleOf = (value: string) => string | undefined

/**
 * The controls for a method's parameters, from its JSON Schema. What has no natural control
 * (no bounds, no default that can be shown) is left to the method's own default.
 */
export function knobs(schema: Readonly<Record<string, unknown>>, titleOf: TitleOf = () => undefined): Knob[] {
  const properties = z.record(z.string(), z.unknown()).safeParse(schema.properties)
  if (!properties.success) return []
  return Object.entries(properties.data)
    .map(([id, property]) => knob(id, property, titleOf))
    .filter((made) => made !== null)
}

/** Values of knobs by name, from wherever they come. */
export type Usual = Readonly<Record<string, unknown>>

/** Can a knob be turned so far? */
export function goesTo(knob: Knob, value: unknown): boolean {
  switch (knob.kind) {
    case 'range':
      if (value === null) return knob.isOpen
      return typeof value === 'number' && value >= knob.min && value <= knob.max && (knob.step !== 1 || Number.isInteger(value))
    case 'choice':
      return knob.options.some((option) => option.value === value)
    case 'switch':
      return typeof value === 'boolean'
    case 'text':
      return typeof value === 'string' && value.length <= knob.limit
    default:
      return knob satisfies never
  }
}

/** Knobs that begin where a model wants them, as far as each goes there. */
export function beginningAt(knobs: readonly Knob[], usual: Usual): Knob[] {
  return knobs.map((knob) => {
    const wanted = Object.hasOwn(usual, knob.id) ? usual[knob.id] : undefined
    return goesTo(knob, wanted) ? ({ ...knob, initial: wanted } as Knob) : knob
  })
}

/** Where a knob stands: where it was turned to, or where it begins. What it cannot do is as if nobody had turned it. */
export const standOf = (knob: Knob, turned: KnobValue | undefined): KnobValue =>
  turned !== undefined && goesTo(knob, turned) ? turned : knob.initial
