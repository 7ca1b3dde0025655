import { availableParallelism } from 'node:os'

const total = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000

/**
 * Milliseconds of processor time of all threads, by name, of one run each: the least of so many turns after one that warms up. What else
 * the machine does makes a run longer, never shorter.
 */
export async function leastOf<N extends string>(
  ways: Readonly<Record<N, () => Promise<unknown>>>,
  turns: number,
): Promise<Record<N, number>> {
  const names = Object.keys(ways) as N[]
  const least = Object.fromEntries(names.map((name) => [name, Number.POSITIVE_INFINITY])) as Record<N, number>
  for (let turn = 0; turn <= turns; turn++)
    for (const name of names) {
      const began = process.cpuUsage()
      await ways[name]()
      if (turn > 0) least[name] = Math.min(least[name], total(process.cpuUsage(began)))
    }
  return least
}

/** What a step of a generation takes, in milliseconds of processor time. */
export interface StepTime {
  /** Of the thread where everything but the network happens. */
  readonly here: number
  /** Of all others. */
  readonly network: number
}

/**
 * From the first step's end to the last one's: steps alone, each with its preview, no loading and no decoding. The least of so many turns
 * after one that warms up.
 */
export async function stepTime(begin: () => AsyncGenerator<unknown, unknown, void>, steps: number, turns: number): Promise<StepTime> {
  let [here, network] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let turn = 0; turn <= turns; turn++) {
    const generation = begin()
    await generation.next()
    const [thread, all] = [process.threadCpuUsage(), process.cpuUsage()]
    for (let i = 1; i < steps; i++) await generation.next()
    const mine = total(process.threadCpuUsage(thread)) / (steps - 1)
    const others = total(process.cpuUsage(all)) / (steps - 1) - mine
    await generation.return(undefined)
    if (turn > 0) [here, network] = [Math.min(here, mine), Math.min(network, others)]
  }
  return { here, network }
}

/** The network works on every core, all else on one. @returns the share of time that is not the network's, in percent. */
export const shareOutside = ({ here, network }: StepTime): number => (100 * here) / (here + network / availableParallelism())
