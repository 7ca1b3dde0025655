import type { MethodCard, ModelCard } from '../../../preload/contract/catalog.ts'
import { type Arguments, type Flag, type Flags, flagHelp, misunderstood, number, texts } from './flags.ts'

/** The part of JSON Schema that a method's knobs are written in. */
interface Knob {
  readonly type?: unknown
  readonly anyOf?: readonly Knob[]
  readonly enum?: readonly unknown[]
  readonly description?: unknown
  readonly title?: unknown
  readonly default?: unknown
  readonly minimum?: unknown
  readonly maximum?: unknown
}

/** A knob's value, as it is sent. */
export type Setting = string | number | boolean

/** The flag that sets any knob by its own name. */
export const SET: Flags = {
  set: { type: 'string', multiple: true, value: 'KNOB=VALUE', help: 'any setting of the method by its own name; may be given again' },
}

/** A knob that may be empty is described by what it is when it is not. */
const solid = (knob: Knob): Knob => ({ ...knob.anyOf?.find(({ type }) => type !== 'null'), ...knob })

const knobsOf = (method: MethodCard): [string, Knob][] =>
  Object.entries((method.params.properties ?? {}) as Record<string, Knob>).map(([name, knob]) => [name, solid(knob)])

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** What a knob can be set to, where that is a list. */
export const choicesOf = (method: MethodCard, name: string): readonly string[] =>
  (knobsOf(method).find(([knob]) => knob === name)?.[1].enum ?? []).filter((choice) => typeof choice === 'string')

/** Which of a method's knobs are flags, and what they are set to where nobody sets them. */
interface Drawing {
  /** Those that the command asks for in another way. */
  readonly without?: readonly string[]
  /** What the model wants to be asked with, in place of the method's own defaults. */
  readonly usual?: ModelCard['usual']
}

/** A method's knobs as flags, drawn from its JSON Schema. */
export const methodFlags = (method: MethodCard, { without = [], usual = {} }: Drawing = {}): Flags =>
  Object.fromEntries(
    knobsOf(method)
      .filter(([name]) => !without.includes(name))
      .map(([name, knob]) => [kebab(name), flagOf(name, Object.hasOwn(usual, name) ? { ...knob, default: usual[name] } : knob)]),
  )

/** What a command prints that runs a method: its usage, its own flags, and the knobs that it does not ask for in another way. */
export const methodHelp = (usage: string, flags: Flags, method: MethodCard, drawing: Drawing = {}): string =>
  `Usage: palimpsest ${usage}\n\n${flagHelp(flags)}\n\n${method.title}: ${method.summary}\n\n${flagHelp(methodFlags(method, drawing), false)}\n`

function flagOf(name: string, knob: Knob): Flag {
  const words = [String(knob.description ?? knob.title ?? name).replace(/\.$/, '')]
  if (knob.minimum !== undefined && knob.maximum !== undefined && knob.type !== 'boolean') words.push(`${knob.minimum} to ${knob.maximum}`)
  if (knob.enum) words.push(`one of ${knob.enum.join(', ')}`)
  if (knob.default !== undefined && knob.default !== null && knob.default !== '')
    words.push(`default ${String(knob.default).replaceAll('\n', ' / ')}`)
  const help = words.join('; ')
  if (knob.type === 'boolean') return { type: 'boolean', help }
  return { type: 'string', value: knob.enum ? 'WORD' : knob.type === 'string' ? '"WORDS"' : 'N', help }
}

/**
 * The knobs that were given, by their own names; the method's schema judges them later.
 * @throws FaultError `invalid` for what is no number, or a setting the method has not
 */
export function methodParams(method: MethodCard, given: Arguments): Record<string, Setting> {
  const knobs = knobsOf(method)
  const params: Record<string, Setting> = {}
  for (const [name, knob] of knobs) {
    const value = given.values[kebab(name)]
    if (typeof value === 'string' || typeof value === 'boolean') params[name] = settingOf(kebab(name), knob, value)
  }
  for (const pair of texts(given, 'set')) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at)
    const knob = knobs.find(([known]) => known === name)?.[1]
    if (at < 1) throw misunderstood(`--set is "${pair}".`, 'Give it as KNOB=VALUE.')
    if (!knob) throw misunderstood(`${method.title} has no setting "${name}".`, `It has: ${knobs.map(([known]) => known).join(', ')}.`)
    params[name] = settingOf(`set ${name}`, knob, pair.slice(at + 1))
  }
  return params
}

function settingOf(flag: string, { type }: Knob, value: string | boolean): Setting {
  if (type === 'number' || type === 'integer') return number(flag, value)
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  return value
}
