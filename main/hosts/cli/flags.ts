import { type ParseArgsOptionDescriptor, parseArgs } from 'node:util'
import type { MethodCard } from '../../../preload/contract/catalog.ts'
import { fault } from '../../../preload/contract/fault.ts'

export interface Flag {
  readonly type: 'string' | 'boolean'
  /** Word for the value in the help, e.g. FILE. */
  readonly value?: string
  readonly help: string
}
export type Flags = Readonly<Record<string, Flag>>

export interface Arguments {
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | undefined>>
}

const ALWAYS: Flags = {
  json: { type: 'boolean', help: 'print the result as one line of JSON' },
  help: { type: 'boolean', help: 'print this' },
}

/** @throws FaultError `invalid` for a flag nobody knows or a value that is missing. `loose` lets both pass, to look ahead. */
export function readArguments(args: readonly string[], flags: Flags, loose = false): Arguments {
  const options: Record<string, ParseArgsOptionDescriptor> = {}
  for (const [name, { type }] of Object.entries({ ...flags, ...ALWAYS })) options[name] = name === 'help' ? { type, short: 'h' } : { type }
  try {
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true, allowNegative: true, strict: !loose })
    return { positionals, values: values as Arguments['values'] }
  } catch (error) {
    const [why] = (error as Error).message.split('. To specify')
    throw fault('invalid', 'The command was not understood.', `${why?.replace(/\.$/, '')}.`, 'Add --help to see what it takes.', {
      cause: error,
    })
  }
}

export const flagHelp = (flags: Flags): string => {
  const rows = Object.entries({ ...flags, ...ALWAYS }).map(
    ([name, { value, help }]) => [`  --${name}${value ? ` ${value}` : ''}`, help] as const,
  )
  const width = Math.max(...rows.map(([flag]) => flag.length)) + 2
  return rows.map(([flag, help]) => `${flag.padEnd(width)}${help}`).join('\n')
}

/** The part of JSON Schema that a method's knobs are written in. */
interface Knob {
  readonly type?: unknown
  readonly enum?: readonly unknown[]
  readonly description?: unknown
  readonly title?: unknown
  readonly default?: unknown
  readonly minimum?: unknown
  readonly maximum?: unknown
}

const knobs = (method: MethodCard): [string, Knob][] => Object.entries((method.params.properties ?? {}) as Record<string, Knob>)

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** A method's knobs as flags, drawn from its JSON Schema. */
export const methodFlags = (method: MethodCard): Flags =>
  Object.fromEntries(
    knobs(method).map(([name, knob]) => {
      const words = [String(knob.description ?? knob.title ?? name).replace(/\.$/, '')]
      if (knob.minimum !== undefined && knob.maximum !== undefined && knob.type !== 'boolean')
        words.push(`${knob.minimum} to ${knob.maximum}`)
      if (knob.enum) words.push(`one of ${knob.enum.join(', ')}`)
      if (knob.default !== undefined && knob.default !== null) words.push(`default ${knob.default}`)
      const flag: Flag =
        knob.type === 'boolean'
          ? { type: 'boolean', help: words.join('; ') }
          : { type: 'string', value: knob.enum ? 'WORD' : 'N', help: words.join('; ') }
      return [kebab(name), flag]
    }),
  )

/** The knobs that were given, by their own names; the method's schema judges them later. @throws FaultError `invalid` for what is no number. */
export function methodParams(method: MethodCard, { values }: Arguments): Record<string, string | number | boolean> {
  const params: Record<string, string | number | boolean> = {}
  for (const [name, knob] of knobs(method)) {
    const value = values[kebab(name)]
    if (value === undefined) continue
    params[name] = knob.type === 'number' || knob.type === 'integer' ? number(kebab(name), value) : value
  }
  return params
}

/** @throws FaultError `invalid` */
export function number(flag: string, text: string | boolean): number {
  const value = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN
  if (Number.isFinite(value)) return value
  throw fault('invalid', 'The command was not understood.', `--${flag} is "${text}", which is no number.`, 'Give a number.')
}

/** A flag that holds words. */
export const text = ({ values }: Arguments, flag: string): string | undefined => {
  const value = values[flag]
  return typeof value === 'string' ? value : undefined
}
