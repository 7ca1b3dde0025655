/** Our solver and schedule for what other programs call them, as far as they are the same. */
export interface Twin {
  readonly solver: string | null
  readonly schedule: string | null
}

/** By the letters of the name alone: `DPM++ 2M`, `dpmpp_2m` and `DPM++2M` are one. */
const SOLVERS: Readonly<Record<string, string>> = {
  euler: 'euler',
  heun: 'heun',
  ddim: 'ddim',
  kddim: 'ddim',
  unipc: 'unipc',
  unipcbh2: 'unipc',
  dpmpp2m: 'dpm-solver-pp',
}
const SCHEDULES: Readonly<Record<string, string>> = {
  karras: 'karras',
  exponential: 'log-snr',
  ddimuniform: 'uniform',
}

/** @param own - ids that are ours already, as our own files tell them */
export function twinOf(
  sampler: string | null,
  scheduler: string | null,
  own: { readonly solvers: readonly string[]; readonly schedules: readonly string[] },
): Twin {
  // Some write both in one: "DPM++ 2M Karras", "euler_k".
  const both = /^(.*?)[ _](karras|exponential|k)$/i.exec(sampler?.slice(0, 100) ?? '')
  const [steps, times] = both ? [both[1], both[2] === 'k' ? 'karras' : both[2]] : [sampler, scheduler]
  return {
    solver: own.solvers.find((id) => id === sampler) ?? SOLVERS[plain(steps ?? '')] ?? null,
    schedule: own.schedules.find((id) => id === scheduler) ?? SCHEDULES[plain(times ?? '')] ?? SCHEDULES[plain(scheduler ?? '')] ?? null,
  }
}

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll('+', 'p')
    .replace(/[^a-z0-9]/g, '')
