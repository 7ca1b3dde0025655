import { describe, expect, it } from 'vitest'
import { matrixSensings } from '../../main/algorithms/index.ts'
import { productOf } from '../../main/math/factors.ts'
import { outcome } from '../../main/math/integrate.ts'
import { matrix } from '../../main/math/matrix.ts'
import { furthest, normals } from '../kit/generate.ts'
import { seen, withValues } from '../kit/sensed.ts'

const { signal } = new AbortController()

describe.each(matrixSensings.map((method) => [method.id, method] as const))('finding a matrix by %s', (_, method) => {
  const room = method.make(method.params.parse({}), {})

  it.each([
    [24, 18, 2],
    [18, 24, 3],
    [12, 12, 1],
  ])('of %i × %i and rank %i, which it is not told', async (rows, columns, rank) => {
    const m = withValues(rows, columns, [1, 0.8, 0.6].slice(0, rank), 3)
    const { factors, status } = await outcome(room.sense(seen(m), signal))
    expect(status).toBe('converged')
    expect(furthest(productOf(factors).data, m.data)).toBeLessThan(1e-10)
  })

  it('finds one that is seen through random measurements', async () => {
    const m = withValues(10, 8, [1, 0.7], 5)
    const count = 1200
    const looks = Array.from({ length: count }, (_, i) => normals(80, 100 + i))
    const residual = (x: typeof m) => {
      const out = matrix(10, 8)
      for (const look of looks) {
        let off = 0
        for (let i = 0; i < 80; i++) off += look[i] * (x.data[i] - m.data[i])
        for (let i = 0; i < 80; i++) out.data[i] += (off * look[i]) / count
      }
      return out
    }
    const short = method.make(method.params.parse({ tolerance: 1e-16, columns: 4 }), {})
    const { factors } = await outcome(short.sense({ rows: 10, columns: 8, residual }, signal))
    expect(furthest(productOf(factors).data, m.data)).toBeLessThan(1e-6)
  })

  it('says the same of the same, and where it was not given the time', async () => {
    const m = withValues(12, 10, [1, 0.5], 7)
    const few = method.make(method.params.parse({ steps: 20 }), {})
    const one = await outcome(few.sense(seen(m), signal))
    expect(await outcome(few.sense(seen(m), signal))).toEqual(one)
    expect(one.status).toBe('limit')
  })

  it('refuses nothing, no numbers, and too many columns', async () => {
    const sense = (m: typeof zero) => outcome(room.sense(seen(m), signal))
    const zero = matrix(12, 12)
    await expect(sense(zero)).rejects.toBeInstanceOf(RangeError)
    await expect(
      sense(
        matrix(
          12,
          12,
          zero.data.map((_, i) => (i === 5 ? Number.NaN : 1)),
        ),
      ),
    ).rejects.toBeInstanceOf(RangeError)
    await expect(sense(withValues(4, 12, [1], 1))).rejects.toBeInstanceOf(RangeError)
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const run = async () => {
      for await (const { step } of room.sense(seen(withValues(12, 12, [1], 1)), controller.signal)) if (step === 3) controller.abort()
    }
    await expect(run()).rejects.toMatchObject({ name: 'AbortError' })
  })
})
