import type { z } from 'zod'
import type { Usual } from '../diffusion/usual.ts'

type Knobs = Readonly<Record<string, z.ZodType>>

/** The settings that a model wants to be asked with, as far as there are such knobs and they can be turned so far. */
export interface UsualSettings {
  readonly values: Usual
  /** What was left out, a sentence each. */
  readonly notes: readonly string[]
}

/** For one way of making pictures, where nothing else is `asked`: knobs that it has not are another way's business. */
export const usualFor = (knobs: Knobs, usual: Usual, asked: object): UsualSettings =>
  sorted(
    Object.entries(usual).filter(([name]) => Object.hasOwn(knobs, name) && !Object.hasOwn(asked, name)),
    ([name, value]) => knobs[name]?.safeParse(value).success,
  )

/** For the list of models: what at least one of all ways can do. */
export const usualAmong = (ways: readonly Knobs[], usual: Usual): UsualSettings =>
  sorted(Object.entries(usual), ([name, value]) =>
    ways.some((knobs) => Object.hasOwn(knobs, name) && knobs[name]?.safeParse(value).success),
  )

function sorted(entries: readonly Entry[], isPossible: (entry: Entry) => boolean | undefined): UsualSettings {
  const left = entries.filter((entry) => !isPossible(entry))
  return {
    values: Object.fromEntries(entries.filter((entry) => isPossible(entry))),
    notes: left.map(
      ([name, value]) => `The model asks for the setting ${name} ${JSON.stringify(value)}, which is not possible here: it is left out.`,
    ),
  }
}
type Entry = readonly [name: string, value: Usual[string]]
