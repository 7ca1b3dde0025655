import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { fault } from '../../../preload/contract/fault.ts'
import { readJson } from './json-file.ts'
import { type Tokenizer, tokenizerOf } from './tokenizer.ts'

const Ids = z.record(z.string(), z.int().nonnegative())
/** A token is written as its text or as an object that holds it. */
const Token = z.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)])
const Marks = z.object({ pad_token: Token.nullish(), model_max_length: z.number().positive().nullish() })
/** The other form of the same: everything in one file, pairs as text or as two texts. */
const Whole = z.object({
  model: z.object({ type: z.literal('BPE'), vocab: Ids, merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])) }),
  added_tokens: z.array(z.object({ id: z.int(), content: z.string() })).default([]),
})

/** Ids of CLIP's sequences. Files without a limit write a number beyond all reason. */
const LENGTH = 77
const REASON = 4096

/**
 * The tokenizer in a folder of a model: vocab.json with merges.txt, or tokenizer.json.
 * @param length ids of a sequence where the text encoder's graph says so.
 * @throws FaultError `missing`, `damaged`.
 */
export async function readTokenizer(folder: string, length: number | null): Promise<Tokenizer> {
  const { ids, merges } = (await readPair(folder)) ?? (await readWhole(folder))
  const [config, special] = await Promise.all(
    ['tokenizer_config.json', 'special_tokens_map.json'].map((name) => readMarks(join(folder, name))),
  )
  const limit = config?.model_max_length ?? LENGTH
  const padding = config?.pad_token ?? special?.pad_token ?? '<|endoftext|>'
  return tokenizerOf({ ids, merges, padding, length: length ?? (limit <= REASON ? Math.floor(limit) : LENGTH) })
}

async function readPair(folder: string) {
  const path = join(folder, 'vocab.json')
  const [vocab, lines] = await Promise.all([readJson(path), readFile(join(folder, 'merges.txt'), 'utf8').catch(() => undefined)])
  if (vocab === undefined || lines === undefined) return undefined
  // The first line names the version; the order of the others is their rank.
  const merges = lines.split(/\r?\n/).filter((line, i) => line !== '' && !(i === 0 && line.startsWith('#')))
  return { ids: new Map(Object.entries(parsed(Ids, vocab, path))), merges }
}

async function readWhole(folder: string) {
  const path = join(folder, 'tokenizer.json')
  const json = await readJson(path)
  if (json === undefined)
    throw fault(
      'missing',
      'That model is not complete.',
      `Its ${basename(folder)} folder holds neither vocab.json with merges.txt nor tokenizer.json.`,
      'Fetch the missing files into the folder.',
    )
  const { model, added_tokens } = parsed(Whole, json, path)
  const added = added_tokens.map(({ id, content }) => [content, id] as const)
  return {
    ids: new Map([...Object.entries(model.vocab), ...added]),
    merges: model.merges.map((pair) => (typeof pair === 'string' ? pair : pair.join(' '))),
  }
}

async function readMarks(path: string): Promise<z.output<typeof Marks> | undefined> {
  const json = await readJson(path)
  return json === undefined ? undefined : parsed(Marks, json, path)
}

function parsed<T extends z.ZodType>(schema: T, json: unknown, path: string): z.output<T> {
  const result = schema.safeParse(json)
  if (result.success) return result.data
  throw fault('damaged', 'That model cannot be read.', `${path}: ${z.prettifyError(result.error)}`, 'Fetch the file again.')
}
