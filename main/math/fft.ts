/** Transforms n complex numbers in place; forward is Σ x_k exp(-2πi jk/n), inverse the same with +i. Neither divides by n. */
export type Transform = (re: Float64Array, im: Float64Array, direction: 'forward' | 'inverse') => void

const plans = new Map<number, Transform>()

/** The transform of length n: radix 2 where n is a power of two, Bluestein's chirp otherwise. Plans are kept. */
export function transformOf(n: number): Transform {
  let plan = plans.get(n)
  if (!plan) {
    plan = (n & (n - 1)) === 0 ? radixTwo(n) : bluestein(n)
    plans.set(n, plan)
  }
  return plan
}

/** cos and sin of 2π k / n for k < count. */
function circle(n: number, count: number) {
  const cos = Float64Array.from({ length: count }, (_, k) => Math.cos((2 * Math.PI * k) / n))
  const sin = Float64Array.from({ length: count }, (_, k) => Math.sin((2 * Math.PI * k) / n))
  return { cos, sin }
}

function radixTwo(n: number): Transform {
  const { cos, sin } = circle(n, n / 2)
  const bits = Math.log2(n)
  const reversed = new Uint32Array(n)
  for (let i = 1; i < n; i++) reversed[i] = (reversed[i >> 1] >> 1) | ((i & 1) << (bits - 1))
  return (re, im, direction) => {
    const sign = direction === 'forward' ? -1 : 1
    for (let i = 0; i < n; i++) {
      const j = reversed[i]
      if (j <= i) continue
      const [r, m] = [re[i], im[i]]
      re[i] = re[j]
      im[i] = im[j]
      re[j] = r
      im[j] = m
    }
    for (let half = 1; half < n; half *= 2) {
      const stride = n / (2 * half)
      for (let start = 0; start < n; start += 2 * half)
        for (let k = 0; k < half; k++) {
          const wr = cos[k * stride]
          const wi = sign * sin[k * stride]
          const a = start + k
          const b = a + half
          const tr = wr * re[b] - wi * im[b]
          const ti = wr * im[b] + wi * re[b]
          re[b] = re[a] - tr
          im[b] = im[a] - ti
          re[a] += tr
          im[a] += ti
        }
    }
  }
}

/** Any length as a circular convolution with a chirp, of a power of two. */
function bluestein(n: number): Transform {
  const size = 2 ** Math.ceil(Math.log2(2 * n - 1))
  const inner = transformOf(size)
  // k² modulo 2n keeps the angle exact for large k.
  const angles = Array.from({ length: n }, (_, k) => (Math.PI * Number((BigInt(k) * BigInt(k)) % BigInt(2 * n))) / n)
  const cos = Float64Array.from(angles, Math.cos)
  const sin = Float64Array.from(angles, Math.sin)
  const chirpRe = new Float64Array(size)
  const chirpIm = new Float64Array(size)
  for (let k = 0; k < n; k++) {
    chirpRe[k] = chirpRe[(size - k) % size] = cos[k]
    chirpIm[k] = chirpIm[(size - k) % size] = sin[k]
  }
  inner(chirpRe, chirpIm, 'forward')
  const re = new Float64Array(size)
  const im = new Float64Array(size)
  return (xr, xi, direction) => {
    // The inverse is the forward transform between two conjugations.
    const sign = direction === 'forward' ? 1 : -1
    re.fill(0)
    im.fill(0)
    for (let k = 0; k < n; k++) {
      const b = sign * xi[k]
      re[k] = xr[k] * cos[k] + b * sin[k]
      im[k] = b * cos[k] - xr[k] * sin[k]
    }
    inner(re, im, 'forward')
    for (let k = 0; k < size; k++) {
      const r = re[k] * chirpRe[k] - im[k] * chirpIm[k]
      im[k] = re[k] * chirpIm[k] + im[k] * chirpRe[k]
      re[k] = r
    }
    inner(re, im, 'inverse')
    for (let k = 0; k < n; k++) {
      const r = re[k] / size
      const m = im[k] / size
      xr[k] = r * cos[k] + m * sin[k]
      xi[k] = sign * (m * cos[k] - r * sin[k])
    }
  }
}

/** Orthonormal transform of each plane of a stack of `rows` × `columns`, in place; the constant part lies at [0, 0]. */
export function transformPlanes(re: Float64Array, im: Float64Array, rows: number, columns: number, direction: 'forward' | 'inverse'): void {
  const scale = 1 / Math.sqrt(rows * columns)
  const across = transformOf(columns)
  const down = transformOf(rows)
  // Columns lie a power of two apart as often as not, and would fight for the same places of the cache: taken sixteen at a time.
  const lines = Array.from({ length: Math.min(16, columns) }, () => ({ re: new Float64Array(rows), im: new Float64Array(rows) }))
  for (let at = 0; at < re.length; at += columns) across(re.subarray(at, at + columns), im.subarray(at, at + columns), direction)
  for (let plane = 0; plane < re.length; plane += rows * columns)
    for (let left = 0; left < columns; left += lines.length) {
      const count = Math.min(lines.length, columns - left)
      for (let i = 0; i < rows; i++)
        for (let j = 0, k = plane + i * columns + left; j < count; j++, k++) {
          lines[j].re[i] = re[k]
          lines[j].im[i] = im[k]
        }
      for (let j = 0; j < count; j++) down(lines[j].re, lines[j].im, direction)
      for (let i = 0; i < rows; i++)
        for (let j = 0, k = plane + i * columns + left; j < count; j++, k++) {
          re[k] = lines[j].re[i] * scale
          im[k] = lines[j].im[i] * scale
        }
    }
}
