import { join } from 'node:path'
import { z } from 'zod'
import { drawsOf, sample } from '../../algorithms/diffusion/sample.ts'
import { multistep } from '../../algorithms/diffusion/schedules/multistep.ts'
import { unipc } from '../../algorithms/diffusion/solvers/unipc.ts'
import { outcome } from '../../math/integrate.ts'
import type { Look } from './kind.ts'
import { Packed, pack, unpack64 } from './packed.ts'
import type { Settings } from './settings.ts'
import { nameOfSettings, readKept, writeKept } from './store.ts'
import { entriesOf, evenInTime, type Subject } from './subject.ts'

/** Ends by the number of their case. */
const File = z.object({ version: z.literal(1), ends: z.record(z.string(), Packed) })

/** Where long runs end: on no noise at all, or on the cleanest level, where recipes end too. */
export type End = 'clean' | 'first'

/**
 * Ends of long runs of cases: UniPC of third order. They cost the most calls and serve every kind of tuning, so each is kept as soon
 * as it is known. Yields before each that must be run.
 * @param from number of the first case. @throws the signal's reason once it is aborted.
 */
export async function* references(
  subject: Subject,
  settings: Settings,
  { from, count }: { readonly from: number; readonly count: number },
  end: End,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<Look<never>, readonly Float64Array[], void> {
  const { guidance, prompts, negative, seed, referenceSteps } = settings
  const name = `references-${nameOfSettings([guidance, prompts, negative, seed, referenceSteps, subject.shape, end])}.json`
  const ends = await kept(join(folder, name), entriesOf(subject))
  const wanted: Float64Array[] = []
  for (let k = from; k < from + count; k++) {
    const known = ends.get(k)
    if (known) {
      wanted.push(known)
      continue
    }
    yield { label: `Long run ${k - from + 1} of ${count}` }
    const run = await longRun(subject, k, referenceSteps, end, signal)
    wanted.push(run)
    ends.set(k, run)
    await writeKept(folder, name, { version: 1, ends: Object.fromEntries([...ends].map(([at, values]) => [at, pack(values)])) })
  }
  return wanted
}

async function kept(path: string, entries: number): Promise<Map<number, Float64Array>> {
  const file = await readKept(path, File)
  if (file === null || file === 'damaged') return new Map()
  try {
    const ends = Object.entries(file.ends).map(([k, text]) => [Number(k), unpack64(text)] as const)
    return new Map(ends.filter(([, values]) => values.length === entries))
  } catch {
    // Numbers that are none: they are run anew.
    return new Map()
  }
}

async function longRun({ path, caseOf }: Subject, k: number, steps: number, end: End, signal: AbortSignal): Promise<Float64Array> {
  const { x, denoise } = caseOf(k)
  const legs = end === 'first' ? evenInTime(path, steps) : multistep.make(multistep.params.parse({}), {}).legs(path, steps)
  const solver = unipc.make(unipc.params.parse({ order: 3 }), {})
  return (await outcome(sample({ solver, legs, model: { path, statistics: null }, denoise, x, draw: drawsOf(k) }, signal))).x
}

/** Network calls that are still to be made for so many references, at most. */
export const callsForReferences = (count: number, { referenceSteps }: Settings, { callsPerAnswer }: Subject): number =>
  count * referenceSteps * callsPerAnswer
