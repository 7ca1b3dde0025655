import { join } from 'node:path'
import { fault } from '../../../preload/contract/fault.ts'
import { type Tensor, tensor } from '../../math/tensor.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { expectInputs, type Part, portOf } from './part.ts'
import type { Tokenizer } from './tokenizer.ts'
import { readTokenizer } from './tokenizer-folder.ts'

/** A text encoder and its tokenizer. */
export interface TextPart {
  readonly part: Part
  readonly tokenize: Tokenizer
  /** Output that becomes the context: [1, tokens, width]. */
  readonly contextName: string
  /** Output that speaks for the whole prompt, in an XL model's second encoder: [1, width]. */
  readonly pooledName: string | null
}

/** A prompt as a U-Net reads it. */
export interface Conditioning {
  /** [1, tokens, width]. */
  readonly context: Tensor
  /** [1, width], in XL models. */
  readonly pooled: Tensor | null
}

/** @throws FaultError `missing`, `damaged`, `unsupported` where an XL model's encoder does not show its inner layers. */
export async function readTextPart(folder: string, part: Part, tokenizer: string, isXl: boolean): Promise<TextPart> {
  const length = portOf(part, 'inputs', 'input_ids').shape[1]
  expectInputs(part, 'input_ids')
  const tokenize = await readTokenizer(join(folder, tokenizer), typeof length === 'number' ? length : null)
  if (!isXl) return { part, tokenize, contextName: portOf(part, 'outputs', 'last_hidden_state').name, pooledName: null }
  const shown = part.outputs.map(({ name }) => Number(/^hidden_states\.(\d+)$/.exec(name)?.[1] ?? -1))
  const layers = part.config.num_hidden_layers ?? Math.max(...shown)
  return {
    part,
    tokenize,
    contextName: portOf(part, 'outputs', `hidden_states.${Math.max(0, layers - 1)}`).name,
    pooledName: tokenizer === 'tokenizer_2' ? portOf(part, 'outputs', 'text_embeds').name : null,
  }
}

/** Prompts encoded, in their order, and what of them was not read. */
export interface EncodedPrompts {
  readonly prompts: readonly Conditioning[]
  /** The ends of prompts that were too long, each once. */
  readonly lost: readonly string[]
}

/** Encodes prompts with one text encoder after the other; each is given back before the next is leased. */
export async function encodePrompts(
  parts: readonly TextPart[],
  prompts: readonly string[],
  sessions: Pick<Sessions, 'leaseFile'>,
  signal: AbortSignal,
): Promise<EncodedPrompts> {
  const lost = new Set<string>()
  const contexts: Tensor[][] = prompts.map(() => [])
  const pooled: (Tensor | null)[] = prompts.map(() => null)
  for (const { part, tokenize, contextName, pooledName } of parts) {
    using lease = await sessions.leaseFile(part.file, signal)
    for (const [i, prompt] of prompts.entries()) {
      const tokens = tokenize(prompt)
      if (tokens.lost) lost.add(tokens.lost)
      const outputs = await lease.run({ input_ids: tensor([1, tokens.ids.length], Float32Array.from(tokens.ids)) }, signal)
      contexts[i]?.push(outputs[contextName] as Tensor)
      if (pooledName) pooled[i] = outputs[pooledName] as Tensor
    }
  }
  return { prompts: contexts.map((list, i) => ({ context: joined(list), pooled: pooled[i] ?? null })), lost: [...lost] }
}

/** No prompt at all, as XL models were taught it. */
export const zeros = ({ context, pooled }: Conditioning): Conditioning => ({
  context: tensor(context.shape),
  pooled: pooled && tensor(pooled.shape),
})

/** Side by side on the last axis. @throws FaultError `damaged` where the sequences differ in length. */
function joined(list: readonly Tensor[]): Tensor {
  const [first] = list as [Tensor]
  if (list.length === 1) return first
  const rows = first.shape[1] as number
  if (list.some(({ shape }) => shape[1] !== rows))
    throw fault(
      'damaged',
      'That model cannot be used.',
      'Its two text encoders read sequences of different lengths.',
      'Fetch the model again.',
    )
  const widths = list.map(({ shape }) => shape[2] as number)
  const width = widths.reduce((a, b) => a + b, 0)
  const result = tensor([1, rows, width])
  let column = 0
  for (const [k, { data }] of list.entries()) {
    const own = widths[k] as number
    for (let row = 0; row < rows; row++) result.data.set(data.subarray(row * own, (row + 1) * own), row * width + column)
    column += own
  }
  return result
}
