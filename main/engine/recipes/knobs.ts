import type { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'

type Json = z.infer<ReturnType<typeof z.json>>

/** A method's parameters, completed by its schema. @throws FaultError `invalid` naming the knob that is wrong. */
export function parseKnobs<S extends z.ZodObject>(schema: S, given: Readonly<Record<string, Json>>): z.output<S> & Record<string, Json> {
  const refuse = (why: string) => fault('invalid', 'The method cannot be run.', why, 'Correct it and run it again.')
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(schema.shape, name))
  if (unknown !== undefined) throw refuse(`It has no setting "${unknown}".`)
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data as z.output<S> & Record<string, Json>
  const [issue] = parsed.error.issues
  const name = String(issue?.path[0] ?? '')
  const title = (schema.shape[name] as z.ZodType | undefined)?.meta()?.title ?? name
  throw refuse(`The setting "${title}" is not possible: ${issue?.message ?? 'it cannot be read'}.`)
}
