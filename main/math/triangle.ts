import type { Matrix } from './matrix.ts'

/** l⁻¹ x for a lower triangle. */
export function solveLower({ rows: n, data }: Matrix, x: Float64Array): Float64Array {
  const out = x.slice()
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) out[i] -= data[i * n + k] * out[k]
    out[i] /= data[i * n + i]
  }
  return out
}

/** r⁻¹ x for an upper triangle. */
export function solveUpper({ rows: n, data }: Matrix, x: Float64Array): Float64Array {
  const out = x.slice()
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) out[i] -= data[i * n + k] * out[k]
    out[i] /= data[i * n + i]
  }
  return out
}

/** r⁻ᵀ x for an upper triangle. */
export function solveUpperTransposed({ rows: n, data }: Matrix, x: Float64Array): Float64Array {
  const out = x.slice()
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) out[i] -= data[k * n + i] * out[k]
    out[i] /= data[i * n + i]
  }
  return out
}
