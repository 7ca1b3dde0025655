import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { z } from 'zod'
import type { Tensor } from '../../../main/math/tensor.ts'
import { type Candidates, candidatesOf } from './retrieval.ts'

/** Written by `run.py export sticker-judge`; what each file holds is told there. */
export const FOLDER = join(import.meta.dirname, '../stickers')

const Group = z.object({
  captions: z.array(z.string()),
  /** Between drawn pictures of other captions and those of these, times 1000: what a perfect generator cannot be told from. */
  kid: z.number(),
  /** What the judge finds of the drawn pictures, shares. */
  found: z.object({ first: z.number(), amongFive: z.number() }),
})
const Head = z.object({
  sha256: z.string(),
  mean: z.array(z.number()),
  spread: z.array(z.number()),
  asked: z.object({ 'held out': Group, learned: Group }),
  exhibits: z.array(z.string()),
})
const Candidate = z.tuple([z.string()], z.int())

export type GroupName = keyof z.output<typeof Head>['asked']

/** How a picture looks to the judge. */
export interface Look {
  /** Less the mean of drawn pictures, over their spread. */
  readonly features: Float64Array
  /** One for each word it knows. */
  readonly logits: Float32Array
}

/** A small classifier of the words in a caption, trained on learned stickers alone. Its figures compare with no other's. */
export interface Judge {
  readonly candidates: Candidates
  readonly asked: Readonly<Record<GroupName, z.output<typeof Group> & { readonly drawn: readonly Float32Array[] }>>
  /** Captions of the pictures in `exhibits`. */
  readonly exhibits: readonly string[]
  /** @param picture [3, row, column] on white in -1..1 */
  look(picture: Tensor): Promise<Look>
}

export async function openJudge(folder = FOLDER): Promise<Judge> {
  const [first = '', ...rest] = readFileSync(join(folder, 'judge.jsonl'), 'utf8').trimEnd().split('\n')
  const { mean, spread, asked, exhibits } = Head.parse(JSON.parse(first))
  const session = await InferenceSession.create(join(folder, 'judge.onnx'), { executionProviders: ['cpu'] })
  const bytes = readFileSync(join(folder, 'drawn.f32'))
  const drawn = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  const rowsFrom = (start: number, count: number) =>
    Array.from({ length: count }, (_, i) => drawn.subarray((start + i) * mean.length, (start + i + 1) * mean.length))
  const heldOut = asked['held out'].captions.length
  return {
    candidates: candidatesOf(rest.map((line) => Candidate.parse(JSON.parse(line)))),
    asked: {
      'held out': { ...asked['held out'], drawn: rowsFrom(0, heldOut) },
      learned: { ...asked.learned, drawn: rowsFrom(heldOut, asked.learned.captions.length) },
    },
    exhibits,
    async look({ shape, data }) {
      const sample = new OrtTensor('float32', Float32Array.from(data), [1, ...shape])
      const { features, logits } = await session.run({ sample })
      const raw = features?.data as Float32Array
      return {
        features: Float64Array.from(raw, (value, i) => (value - mean[i]) / spread[i]),
        logits: logits?.data as Float32Array,
      }
    },
  }
}
