import { type Tensor, tensor } from '../../math/tensor.ts'
import type { Tensors } from '../sessions/message.ts'
import type { FileLease } from '../sessions/sessions.ts'

/** Inputs with a row for each picture. All others are told once, for all. */
const ROWS: readonly string[] = ['sample', 'encoder_hidden_states', 'text_embeds', 'time_ids']

/** Values of a latent beyond which one picture fills any processor by itself, and two may not fit in memory. */
const MOST = 4 * 128 * 128

interface Question {
  readonly inputs: Tensors
  readonly signal: AbortSignal
  readonly answer: (outputs: Promise<Tensors>) => void
}

/**
 * A denoising network that answers in one run what is asked in one breath, before anything else happens: with and without the prompt at
 * one state, say, which takes less time than two runs. Questions that differ in more than their rows are asked one after the other, and so
 * are all once the network has failed at two together: not every graph takes them.
 */
export function together(lease: FileLease): FileLease {
  let asked: Question[] = []
  let isAble = true

  function answerAll(): void {
    const questions = asked
    asked = []
    const apart = () => {
      for (const { inputs, signal, answer } of questions) answer(lease.run(inputs, signal))
    }
    const [first, ...others] = questions
    if (!isAble || !first || others.length === 0 || !others.every((one) => isAlike(first, one))) {
      apart()
      return
    }
    lease.run(stacked(questions), first.signal).then(
      (outputs) => {
        for (const [i, { answer }] of questions.entries()) answer(Promise.resolve(rowOf(outputs, i, questions.length)))
      },
      (thrown: unknown) => {
        if (first.signal.aborted) for (const { answer } of questions) answer(Promise.reject(thrown))
        else {
          // What fails alone as well says why.
          isAble = false
          apart()
        }
      },
    )
  }

  return {
    run: (inputs, signal) =>
      new Promise((answer) => {
        if (asked.length === 0) queueMicrotask(answerAll)
        asked.push({ inputs, signal, answer })
      }),
    [Symbol.dispose]: () => lease[Symbol.dispose](),
  }
}

/** Do two questions differ in their rows alone, and are these small? */
function isAlike(a: Question, b: Question): boolean {
  const names = Object.keys(a.inputs)
  if (a.signal !== b.signal || names.join() !== Object.keys(b.inputs).join()) return false
  return names.every((name) => {
    const [one, other] = [a.inputs[name] as Tensor, b.inputs[name] as Tensor]
    if (one.shape.join() !== other.shape.join()) return false
    if (name === 'sample' && one.data.length > MOST) return false
    return ROWS.includes(name) ? one.shape[0] === 1 : one.data.every((value, i) => value === other.data[i])
  })
}

function stacked(questions: readonly Question[]): Tensors {
  const [first] = questions
  return Object.fromEntries(
    Object.entries(first?.inputs ?? {}).map(([name, one]) => {
      if (!ROWS.includes(name)) return [name, one]
      const all = tensor([questions.length, ...one.shape.slice(1)])
      for (const [i, { inputs }] of questions.entries()) all.data.set((inputs[name] as Tensor).data, i * one.data.length)
      return [name, all]
    }),
  )
}

const rowOf = (outputs: Tensors, row: number, rows: number): Tensors =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, { shape, data }]) => {
      const length = data.length / rows
      return [name, tensor([1, ...shape.slice(1)], data.slice(row * length, (row + 1) * length))]
    }),
  )
