import { z } from 'zod'

const Value = z.union([z.number(), z.string(), z.boolean(), z.null()])
export type KnobValue = z.infer<typeof Value>

const Property = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  default: Value.optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  multipleOf: z.number().optional(),
  enum: z.array(z.string()).optional(),
})

/** A parameter of a method as a control. */
export type Knob = { readonly id: string; readonly title: string; readonly tip: string | undefined } & (
  | { readonly kind: 'range'; readonly min: number; readonly max: number; readonly step: number; readonly initial: number }
  | { readonly kind: 'choice'; readonly options: readonly string[]; readonly initial: string }
  | { readonly kind: 'switch'; readonly initial: boolean }
)

/** "fromPosition" and "from-position" as "From position". */
function spoken(id: string): string {
  const words = id
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_]/g, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** A step that crosses the range in about a hundred: 0.01 for 0..1, 0.002 for 0..0.3. */
function stepOf(min: number, max: number): number {
  const rough = (max - min) / 100
  const power = 10 ** Math.floor(Math.log10(rough))
  return [1, 2, 5].map((factor) => factor * power).findLast((step) => step <= rough + 1e-12) ?? power
}

function knob(id: string, schema: unknown): Knob | null {
  const parsed = Property.safeParse(schema)
  if (!parsed.success) return null
  const property = parsed.data
  const words = { id, title: property.title ?? spoken(id), tip: property.description }
  const types = [property.type ?? []].flat()
  const { minimum: min, maximum: max, default: initial } = property
  if (property.enum) return { ...words, kind: 'choice', options: property.enum, initial: String(initial ?? property.enum[0]) }
  if (types.includes('boolean')) return { ...words, kind: 'switch', initial: initial === true }
  if ((types.includes('number') || types.includes('integer')) && min !== undefined && max !== undefined) {
    const step = property.multipleOf ?? (types.includes('integer') ? 1 : stepOf(min, max))
    return { ...words, kind: 'range', min, max, step, initial: typeof initial === 'number' ? initial : min }
  }
  return null
}

/**
 * The controls for a method's parameters, from its JSON Schema. What has no natural control
 * (no bounds, no default that can be shown) is left to the method's own default.
 */
export function knobs(schema: Readonly<Record<string, unknown>>): Knob[] {
  const properties = z.record(z.string(), z.unknown()).safeParse(schema.properties)
  if (!properties.success) return []
  return Object.entries(properties.data)
    .map(([id, property]) => knob(id, property))
    .filter((made) => made !== null)
}
