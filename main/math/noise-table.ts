/** Discrete noise levels: abar[n] = prod over j <= n of (1 - beta[j]), from the cleanest to the noisiest. */
export interface NoiseTable {
  readonly abar: Float64Array
}

/** How the betas of a table run. */
export type BetaForm = 'scaled_linear' | 'linear' | 'squaredcos_cap_v2'

/**
 * Betas of a table, as diffusion models are configured.
 * @throws RangeError naming the field that is wrong.
 */
export function betasOf(form: BetaForm, start: number, end: number, count: number): Float64Array {
  if (!(count >= 2)) throw new RangeError(`The number of levels is ${count}; there must be two at least.`)
  const inside = (beta: number, name: string) => {
    if (!(beta > 0 && beta < 1)) throw new RangeError(`${name} is ${beta}; it must lie between 0 and 1.`)
  }
  if (form === 'squaredcos_cap_v2') {
    const f = (u: number) => Math.cos((((u + 0.008) / 1.008) * Math.PI) / 2) ** 2
    return Float64Array.from({ length: count }, (_, t) => Math.min(1 - f((t + 1) / count) / f(t / count), 0.999))
  }
  inside(start, 'The first beta')
  inside(end, 'The last beta')
  const line = (a: number, b: number) => Float64Array.from({ length: count }, (_, t) => a + ((b - a) * t) / (count - 1))
  if (form === 'linear') return line(start, end)
  return line(Math.sqrt(start), Math.sqrt(end)).map((root) => root * root)
}

/** The table of a list of betas. @throws RangeError where a beta is not in (0, 1]. */
export function tableOf(betas: Float64Array): NoiseTable {
  const abar = new Float64Array(betas.length)
  let product = 1
  for (let t = 0; t < betas.length; t++) {
    if (!(betas[t] > 0 && betas[t] <= 1)) throw new RangeError(`Beta ${t} is ${betas[t]}; it must lie between 0 and 1.`)
    product *= 1 - betas[t]
    abar[t] = product
  }
  return { abar }
}

/** The table stretched so that its noisiest level holds no signal at all (Lin et al., "Common diffusion noise schedules … are flawed"). */
export function withZeroSignal(table: NoiseTable): NoiseTable {
  const root = table.abar.map(Math.sqrt)
  const first = root[0]
  const last = root[root.length - 1]
  return { abar: root.map((q) => (((q - last) * first) / (first - last)) ** 2) }
}

/** The betas of a process that visits only some levels: 1 - abar[t_i] / abar[t_(i-1)], the level before the first being clean. */
export function respacedBetas(table: NoiseTable, timesteps: readonly number[]): Float64Array {
  const rising = [...timesteps].sort((a, b) => a - b)
  return Float64Array.from(rising, (t, i) => 1 - table.abar[t] / (i === 0 ? 1 : table.abar[rising[i - 1]]))
}
