import { trialAnswer, trialInput } from './trial.ts'

/** A way to run models: ONNX Runtime's name for it. */
export type ProviderName = 'cpu' | 'cuda' | 'dml' | 'coreml' | 'webgpu'

/** The provider that was chosen, and in a sentence why. */
export interface Choice {
  readonly provider: ProviderName
  readonly why: string
}

/** The trial model on one provider. */
export interface Trial extends AsyncDisposable {
  /** Runs it on [1, 16, side, side]. */
  run(input: Float32Array, side: number): Promise<Float32Array>
}
/** Loads the trial model on a provider. @throws Error when the provider is not there. */
export type StartTrial = (provider: ProviderName) => Promise<Trial>

/** Faster ones first. */
const ACCELERATORS: readonly Exclude<ProviderName, 'cpu'>[] = ['cuda', 'dml', 'coreml', 'webgpu']
const TITLES: Readonly<Record<ProviderName, string>> = {
  cpu: 'the processor',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'CoreML',
  webgpu: 'WebGPU',
}

/** Side of the picture that is checked, and of the one that is timed. */
const SMALL = 64
const LARGE = 256
/** Largest difference between float32 results in another order of summation; half floats would stray by 1e-3. */
const TOLERANCE = 2e-5
/** A graphics card needs a few milliseconds for the small picture, an imitation of one in software hundreds. */
const SOFTWARE = 60
/** An accelerator must be this many times as fast as the processor, or the choice would be a matter of chance. */
const WORTH_IT = 1.5

/**
 * Chooses a provider among those the runtime has, by running a tiny model on each: it must give the known answer, and
 * faster than the processor does.
 * @param wanted a provider to use whatever the trial says, as long as it answers rightly.
 * @param now a clock, in milliseconds.
 */
export async function chooseProvider(
  available: readonly string[],
  start: StartTrial,
  wanted?: string,
  now: () => number = () => performance.now(),
): Promise<Choice> {
  const reasons: string[] = []
  if (wanted === 'cpu') return { provider: 'cpu', why: 'It was asked for.' }
  const named = ACCELERATORS.find((name) => name === wanted)
  if (wanted && !named) reasons.push(`"${wanted}" is not known`)
  if (named) {
    const problem = await tryOut(named, start, now, null)
    if (typeof problem !== 'string') return { provider: named, why: 'It was asked for.' }
    reasons.push(`${TITLES[named]} was asked for, but ${problem}`)
  }
  const candidates = ACCELERATORS.filter((name) => available.includes(name) && name !== named)
  const processor = candidates.length > 0 ? await timeProcessor(start, now) : 0
  for (const name of candidates) {
    const result = await tryOut(name, start, now, processor)
    if (typeof result === 'string') reasons.push(`${TITLES[name]} ${result}`)
    else return { provider: name, why: sentence(`${TITLES[name]} is ${round(result.speed)} times as fast as the processor here`, reasons) }
  }
  return { provider: 'cpu', why: sentence('The processor is used', reasons) }
}

/** How many times as fast as the processor a provider is, or why it cannot be used. */
async function tryOut(
  name: ProviderName,
  start: StartTrial,
  now: () => number,
  processor: number | null,
): Promise<{ speed: number } | string> {
  try {
    await using trial = await start(name)
    const answer = await trial.run(trialInput(SMALL), SMALL)
    const right = trialAnswer(SMALL)
    if (!right.every((value, i) => Math.abs(value - (answer[i] as number)) <= TOLERANCE)) return 'gives wrong answers'
    if (processor === null) return { speed: 1 }
    if ((await time(trial, SMALL, now)) > SOFTWARE) return 'is only imitated in software'
    const speed = processor / (await time(trial, LARGE, now))
    return speed >= WORTH_IT ? { speed } : `is not faster than the processor (${round(speed)} times)`
  } catch {
    return 'is not there'
  }
}

async function timeProcessor(start: StartTrial, now: () => number): Promise<number> {
  await using trial = await start('cpu')
  await trial.run(trialInput(LARGE), LARGE)
  return Math.min(await time(trial, LARGE, now), await time(trial, LARGE, now))
}

async function time(trial: Trial, side: number, now: () => number): Promise<number> {
  const input = trialInput(side)
  const began = now()
  await trial.run(input, side)
  return now() - began
}

const round = (value: number): string => value.toPrecision(2)
const sentence = (start: string, reasons: readonly string[]): string => `${start}${reasons.length > 0 ? `: ${reasons.join('; ')}` : ''}.`
