import { z } from 'zod'

/** What a page tells of a method; every declaration has it. */
export interface Declared {
  readonly id: string
  readonly role: string
  readonly title: string
  readonly summary: string
  readonly paper: { readonly title: string; readonly year: number; readonly link: string }
  readonly params: z.ZodType
  readonly needs: Readonly<Record<string, string>>
}

/** The parts of JSON Schema that a parameter's row is made of. */
interface Schema {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
}

/** Beyond this zod's bound of whole numbers is no limit worth telling. */
const HUGE = Number.MAX_SAFE_INTEGER

/** What a parameter may be, in words. */
function valuesOf(schema: Schema): string {
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return choices.map(valuesOf).join(' or ')
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (schema.prefixItems) return `${schema.prefixItems.length} values: ${schema.prefixItems.map(valuesOf).join('; ')}`
  if (schema.type === 'array') return `list of ${valuesOf(schema.items ?? {})}`
  if (schema.type === 'object')
    return `{ ${Object.entries(schema.properties ?? {})
      .map(([name, value]) => `${name}: ${valuesOf(value)}`)
      .join(', ')} }`
  if (schema.type === 'null') return 'nothing'
  if (schema.type === 'boolean') return 'yes or no'
  const kind = schema.type === 'integer' ? 'whole number' : (schema.type ?? 'any value')
  const { minimum, exclusiveMinimum, maximum } = schema
  const from =
    minimum !== undefined && minimum > -HUGE ? ` from ${minimum}` : exclusiveMinimum !== undefined ? ` above ${exclusiveMinimum}` : ''
  return `${kind}${from}${maximum !== undefined && maximum < HUGE ? ` to ${maximum}` : ''}`
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** The page of a method, in Markdown: made from its declaration alone. */
export function pageOf(method: Declared): string {
  const schema = z.toJSONSchema(method.params, { io: 'input' }) as Schema
  const rows = Object.entries(schema.properties ?? {}).map(([name, value]) =>
    [
      `\`${name}\``,
      value.title ?? '',
      valuesOf(value),
      value.default === undefined ? 'needed' : `\`${JSON.stringify(value.default)}\``,
      value.description ?? '',
    ]
      .map(cell)
      .join(' | '),
  )
  const { title, year, link } = method.paper
  const needs = Object.entries(method.needs).map(([name, role]) => `- \`${name}\`: a model of the role \`${role}\``)
  return [
    `# ${method.title}`,
    `\`${method.id}\` · ${method.role}`,
    method.summary,
    `From [${title}](${link}), ${year}.`,
    ...(rows.length
      ? [
          '## Parameters',
          ['| name | title | values | default | meaning |', '| --- | --- | --- | --- | --- |', ...rows.map((row) => `| ${row} |`)].join(
            '\n',
          ),
        ]
      : []),
    ...(needs.length ? ['## Networks', needs.join('\n')] : []),
    '<!-- Made by docs/generate.ts from the method’s declaration. -->',
  ]
    .join('\n\n')
    .concat('\n')
}
