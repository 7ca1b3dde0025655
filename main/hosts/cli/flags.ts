import { type ParseArgsOptionDescriptor, parseArgs } from 'node:util'
import { fault } from '../../../preload/contract/fault.ts'

export interface Flag {
  readonly type: 'string' | 'boolean'
  /** May be given any number of times. */
  readonly multiple?: boolean
  /** Word for the value in the help, e.g. FILE. */
  readonly value?: string
  readonly help: string
}
export type Flags = Readonly<Record<string, Flag>>

export interface Arguments {
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>
}

const ALWAYS: Flags = {
  json: { type: 'boolean', help: 'print the result as one line of JSON' },
  help: { type: 'boolean', help: 'print this' },
}

/** @throws FaultError `invalid` for a flag nobody knows or a value that is missing. `loose` lets both pass, to look ahead. */
export function readArguments(args: readonly string[], flags: Flags, loose = false): Arguments {
  const options: Record<string, ParseArgsOptionDescriptor> = {}
  for (const [name, { type, multiple = false }] of Object.entries({ ...flags, ...ALWAYS }))
    options[name] = name === 'help' ? { type, short: 'h' } : { type, multiple }
  try {
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true, allowNegative: true, strict: !loose })
    return { positionals, values: values as Arguments['values'] }
  } catch (error) {
    const [why] = (error as Error).message.split('. To specify')
    throw misunderstood(`${why?.replace(/\.$/, '')}.`, 'Add --help to see what it takes.', error)
  }
}

/** @param always tell of the flags every command takes, too? */
export const flagHelp = (flags: Flags, always = true): string => {
  const rows = Object.entries(always ? { ...flags, ...ALWAYS } : flags).map(
    ([name, { value, help }]) => [`  --${name}${value ? ` ${value}` : ''}`, help] as const,
  )
  const width = Math.max(...rows.map(([flag]) => flag.length)) + 2
  return rows.map(([flag, help]) => `${flag.padEnd(width)}${help}`).join('\n')
}

/** @throws FaultError `invalid` */
export function number(flag: string, text: string | boolean): number {
  const value = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN
  if (Number.isFinite(value)) return value
  throw misunderstood(`--${flag} is "${text}", which is no number.`, 'Give a number.')
}

/** A flag that holds words. */
export const text = ({ values }: Arguments, flag: string): string | undefined => {
  const value = values[flag]
  return typeof value === 'string' ? value : undefined
}

/** What was given for a flag that may be given more than once, in its order. */
export const texts = ({ values }: Arguments, flag: string): readonly string[] => {
  const value = values[flag]
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : []
}

export const misunderstood = (why: string, todo: string, cause?: unknown) =>
  fault('invalid', 'The command was not understood.', why, todo, { cause })
