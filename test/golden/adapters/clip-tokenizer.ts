import { tokenizerOf } from '../../../main/engine/diffusion/tokenizer.ts'
import { assume, type FileAdapter, type Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'

/** CLIP's byte-pair encoding, id by id. */
export const clipTokenizer: FileAdapter = {
  name: 'clip-tokenizer',
  recognises: (file) => Array.isArray(file.mini_merges_in_rank_order),
  async check({ settings, mini_vocab, mini_merges_in_rank_order, cases, tolerance }) {
    assume(
      { tolerance, ...settings },
      { tolerance: 'exact', lowercase: true, bos: mini_vocab['<|startoftext|>'], eos: mini_vocab['<|endoftext|>'] },
    )
    const tokenize = (padding: string) =>
      tokenizerOf({
        ids: new Map(Object.entries<number>(mini_vocab)),
        merges: mini_merges_in_rank_order,
        padding,
        length: settings.max_length,
      })
    const [byEnd, byMark] = [tokenize('<|endoftext|>'), tokenize('!')]
    return cases.flatMap(({ prompt, ...expected }: Inputs, i: number) => {
      const { ids, count, lost } = byEnd(prompt)
      const first = ids.indexOf(settings.eos)
      const withMarks = ids.map((id, place) => (place > first ? 0 : id))
      const computed = { token_count: count, truncated: lost !== '', ids_pad_eot: ids, pad_id_alternative: expected.pad_id_alternative }
      return [
        ...differences(computed, expected, () => 0, `case ${i}`),
        ...differences({ ids: byMark(prompt).ids }, { ids: withMarks }, () => 0, `case ${i}, padded with marks`),
      ]
    })
  },
}
