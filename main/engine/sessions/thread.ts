import { availableParallelism } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { InferenceSession, listSupportedBackends, Tensor as OnnxTensor } from 'onnxruntime-node'
import { fault, toFault } from '../../../preload/contract/fault.ts'
import { elementsOf, floatsOf } from './elements.ts'
import { type Answer, buffersOf, freeMemory, type Numbered, type Order, type Tensors } from './message.ts'
import { type Choice, chooseProvider, type ProviderName, type Trial } from './provider.ts'
import { TRIAL_MODEL } from './trial.ts'

/**
 * The thread that holds the ONNX sessions. A call of the runtime blocks its thread for as long as a step takes: here it
 * blocks nobody, and strokes and cancels are answered meanwhile. Orders are carried out one after the other.
 */
export function serveSessions(): void {
  const port = parentPort
  if (!port) throw new Error('The session thread is started by the engine.')
  const sessions = new Map<string, InferenceSession>()
  let choice: Promise<Choice> | undefined

  const carryOut = async (order: Order): Promise<Answer extends infer A ? (A extends unknown ? Omit<A, 'id'> : never) : never> => {
    switch (order.type) {
      case 'load':
      case 'open': {
        choice ??= chooseProvider(backends(), startTrial, process.env.PALIMPSEST_PROVIDER)
        const { session, provider, why } = await load(order.type === 'load' ? order.bytes : order.path, await choice)
        sessions.set(order.key, session)
        return { type: 'loaded', provider, why }
      }
      case 'run': {
        const session = sessions.get(order.key)
        if (!session) throw new Error(`No session "${order.key}" is loaded.`)
        const outputs = await run(session, order.inputs)
        for (const input of Object.values(order.inputs)) freeMemory(input)
        return { type: 'ran', outputs }
      }
      case 'drop':
        await sessions.get(order.key)?.release()
        sessions.delete(order.key)
        return { type: 'dropped' }
      default:
        return order satisfies never
    }
  }

  let last: Promise<unknown> = Promise.resolve()
  port.on('message', ({ id, ...order }: Numbered<Order>) => {
    last = last.then(async () => {
      try {
        const answer = { id, ...(await carryOut(order)) } as Answer
        port.postMessage(answer, answer.type === 'ran' ? buffersOf(answer.outputs) : [])
      } catch (thrown) {
        port.postMessage({ id, type: 'failed', fault: toFault(thrown) } satisfies Answer)
      }
    })
  })
}

const backends = (): string[] => listSupportedBackends().map(({ name }) => name)

/** Every core works on a step: the order of sums does not depend on how many there are, so neither do the bytes. */
function open(model: Uint8Array | string, provider: ProviderName): Promise<InferenceSession> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
    intraOpNumThreads: availableParallelism(),
    executionMode: 'sequential',
    // Waiting threads sleep: spinning would take the processor from strokes, and from the rest of the machine.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    logSeverityLevel: 3,
  }
  return typeof model === 'string' ? InferenceSession.create(model, options) : InferenceSession.create(model, options)
}

/** Loads a model on the provider chosen; one that cannot hold this model is passed over for the processor. */
async function load(model: Uint8Array | string, { provider, why }: Choice): Promise<Choice & { session: InferenceSession }> {
  try {
    return { session: await open(model, provider), provider, why }
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    const todo = typeof model === 'string' ? 'Fetch the model again, with all of its files.' : 'Install the studio again.'
    if (provider === 'cpu') throw fault('engine', 'A model cannot be loaded.', reason, todo, { cause: thrown })
    return { session: await open(model, 'cpu'), provider: 'cpu', why: `The processor is used: ${provider} cannot load this model.` }
  }
}

async function run(session: InferenceSession, inputs: Tensors): Promise<Tensors> {
  const declared = new Map(session.inputMetadata.map((port) => [port.name, port.isTensor ? port.type : 'float32']))
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, feedOf(tensor, declared.get(name) ?? 'float32')]))
  const results = await session.run(feeds).catch((thrown: unknown) => {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw fault('engine', 'A model could not be run.', reason, 'Try smaller tiles, or close other programs.', { cause: thrown })
  })
  return Object.fromEntries(
    Object.entries(results).map(([name, value]) => {
      const { dims, data } = value as OnnxTensor
      return [name, { shape: dims, data: floatsOf(data) }]
    }),
  )
}

/** A tensor as the graph declares it. */
function feedOf({ shape, data }: Tensors[string], type: string): OnnxTensor {
  const elements = elementsOf(type, data)
  // The runtime reads no Float16Array, into which it would turn these bits: they go as what they are, under the right name.
  if (elements instanceof Uint16Array) return Object.assign(new OnnxTensor('uint16', elements, shape), { type: 'float16' as const })
  // Elements and type belong together; the compiler cannot follow the pair.
  return new OnnxTensor(type as 'float32', elements as Float32Array, shape)
}

async function startTrial(provider: ProviderName): Promise<Trial> {
  const session = await open(TRIAL_MODEL, provider)
  return {
    async run(input, side) {
      const { y } = await run(session, { x: { shape: [1, 16, side, side], data: input } })
      return y?.data ?? new Float32Array()
    },
    [Symbol.asyncDispose]: () => session.release(),
  }
}
