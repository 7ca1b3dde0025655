import { join } from 'node:path'
import { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'
import { changeKept, keptText } from './kept-file.ts'

/** A place the artist added, or a model that was downloaded or moved. */
const Entry = z.object({
  path: z.string(),
  /** The id it had before it was moved or was given when it was downloaded; null: its models have ids of their own. */
  id: z.string().nullable().default(null),
  title: z.string().nullable().default(null),
  source: z.enum(['folder', 'hugging-face', 'comfyui', 'downloaded']).default('folder'),
  licence: z.string().nullable().default(null),
  /** Where it was downloaded from. */
  from: z.object({ hub: z.string(), repository: z.string(), revision: z.string(), commit: z.string() }).nullable().default(null),
  /** What the hub says its files hash to, by their paths. */
  checksums: z.record(z.string(), z.object({ kind: z.enum(['sha256', 'git']), hex: z.string() })).default({}),
  /** Was it downloaded to its end? */
  isWhole: z.boolean().default(true),
})
export type Entry = z.infer<typeof Entry>

const Register = z.object({
  entries: z.array(Entry).default([]),
  /** Places of models that were taken off the list while they lie where they are found. */
  hidden: z.array(z.string()).default([]),
})
export type Register = z.infer<typeof Register>

const FILE = 'library.json'

/** What was added, downloaded, moved and hidden. @throws FaultError `damaged`. */
export async function readRegister(library: string | null): Promise<Register> {
  if (library === null) return Register.parse({})
  const path = join(library, FILE)
  return registerIn(await keptText(path), path)
}

function registerIn(text: string | null, path: string): Register {
  if (text === null) return Register.parse({})
  try {
    return Register.parse(JSON.parse(text))
  } catch (thrown) {
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : 'It is not JSON.'
    throw fault(
      'damaged',
      'The list of your models cannot be read.',
      `${path}: ${why}`,
      'Correct the file, or delete it and add them again.',
      {
        cause: thrown,
      },
    )
  }
}

/** What cannot be done where the engine keeps nothing. @throws FaultError `unsupported` */
export function expectLibrary(library: string | null, what: string): asserts library is string {
  if (library === null)
    throw fault('unsupported', what, 'This engine was started without a folder to keep it in.', 'Set PALIMPSEST_LIBRARY.')
}

/**
 * Changes it, after whoever else is changing it: here, or in another studio or a shell.
 * @throws FaultError `damaged`, `full`, `refused`, `busy`; `unsupported` where there is no library.
 */
export async function changeRegister(library: string | null, change: (register: Register) => Register): Promise<void> {
  expectLibrary(library, 'The list of models was not changed.')
  const path = join(library, FILE)
  await changeKept(path, (text) => `${JSON.stringify(change(registerIn(text, path)), null, 2)}\n`)
}
