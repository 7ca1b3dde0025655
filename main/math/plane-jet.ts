/** A function of the plane at one place: its value and its derivatives up to the third. */
export interface Jet {
  readonly u: number
  readonly ux: number
  readonly uy: number
  readonly uxx: number
  readonly uxy: number
  readonly uyy: number
  readonly uxxx: number
  readonly uxxy: number
  readonly uxyy: number
  readonly uyyy: number
}
export type JetPart = keyof Jet

export const jetParts: readonly JetPart[] = ['u', 'ux', 'uy', 'uxx', 'uxy', 'uyy', 'uxxx', 'uxxy', 'uxyy', 'uyyy']

/** Builds a jet part by part. */
export const jetOf = (part: (name: JetPart) => number): Jet => {
  const out = {} as Record<JetPart, number>
  for (const name of jetParts) out[name] = part(name)
  return out
}

/** tanh of a function, by the chain rule. */
export function tanhJet(z: Jet): Jet {
  const u = Math.tanh(z.u)
  const f1 = 1 - u * u
  const f2 = -2 * u * f1
  const f3 = -2 * f1 * (1 - 3 * u * u)
  return {
    u,
    ux: f1 * z.ux,
    uy: f1 * z.uy,
    uxx: f2 * z.ux * z.ux + f1 * z.uxx,
    uxy: f2 * z.ux * z.uy + f1 * z.uxy,
    uyy: f2 * z.uy * z.uy + f1 * z.uyy,
    uxxx: f3 * z.ux ** 3 + 3 * f2 * z.ux * z.uxx + f1 * z.uxxx,
    uxxy: f3 * z.ux * z.ux * z.uy + f2 * (2 * z.ux * z.uxy + z.uxx * z.uy) + f1 * z.uxxy,
    uxyy: f3 * z.ux * z.uy * z.uy + f2 * (2 * z.uy * z.uxy + z.uyy * z.ux) + f1 * z.uxyy,
    uyyy: f3 * z.uy ** 3 + 3 * f2 * z.uy * z.uyy + f1 * z.uyyy,
  }
}

/** A line through the plane: a x + b y + c. */
const lineJet = (a: number, b: number, value: number): Jet =>
  jetOf((name) => (name === 'u' ? value : name === 'ux' ? a : name === 'uy' ? b : 0))

/** A layer: `weights` are rows of outputs. */
export interface Dense {
  readonly weights: readonly (readonly number[])[]
  readonly bias: readonly number[]
}

/** Σ factor · jet + shift */
const mixedJet = (row: readonly number[], jets: readonly Jet[], shift: number): Jet =>
  jetOf((name) => row.reduce((sum, factor, i) => sum + factor * jets[i][name], name === 'u' ? shift : 0))

/** A network from the plane to a number, tanh between its layers. */
export function networkJet(layers: readonly Dense[], x: number, y: number): Jet {
  let jets: readonly Jet[] = [lineJet(1, 0, x), lineJet(0, 1, y)]
  for (const [l, { weights, bias }] of layers.entries()) {
    const mixed = weights.map((row, i) => mixedJet(row, jets, bias[i]))
    jets = l === layers.length - 1 ? mixed : mixed.map(tanhJet)
  }
  return jets[0]
}

/** tanh(a (x - cx) + b (y - cy)) */
export const rippleJet = ([a, b, cx, cy]: readonly [number, number, number, number], x: number, y: number): Jet =>
  tanhJet(lineJet(a, b, a * (x - cx) + b * (y - cy)))
