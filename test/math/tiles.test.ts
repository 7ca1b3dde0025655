import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outcome } from '../../main/math/integrate.ts'
import { type Tensor, tensor } from '../../main/math/tensor.ts'
import { cut, mirror, planTiles, tiled } from '../../main/math/tiles.ts'

const picture = (channels: number, height: number, width: number) =>
  tensor(
    [channels, height, width],
    Float32Array.from({ length: channels * height * width }, (_, i) => ((i * 7919) % 1009) / 1009),
  )
const { signal } = new AbortController()

describe('a plan of tiles', () => {
  it('covers the picture, overlaps enough, and its weights sum to 1', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.constantFrom(1, 8, 16),
        fc.integer({ min: 0, max: 64 }),
        fc.integer({ min: 192, max: 600 }),
        (width, multiple, overlap, size) => {
          const { columns } = planTiles(width, 40, { size, overlap, multiple })
          const { starts, length, weights } = columns
          expect(length % multiple).toBe(0)
          expect(length).toBeLessThanOrEqual(Math.max(size, multiple))
          expect(starts[0]).toBe(0)
          expect(starts.at(-1)! + length).toBeGreaterThanOrEqual(width)
          expect(starts.at(-1)! + length - width).toBeLessThan(multiple)
          for (const start of starts) expect(start % multiple).toBe(0)
          for (let i = 1; i < starts.length; i++) expect(starts[i - 1] + length - starts[i]).toBeGreaterThanOrEqual(overlap)
          const sum = new Float64Array(width)
          for (const [i, start] of starts.entries())
            for (let k = 0; k < length && start + k < width; k++) {
              expect(weights[i][k]).toBeGreaterThanOrEqual(0)
              sum[start + k] += weights[i][k]
            }
          for (const total of sum) expect(Math.abs(total - 1)).toBeLessThan(1e-12)
        },
      ),
    )
  })

  it('refuses tiles that are smaller than three overlaps', () => {
    expect(() => planTiles(500, 500, { size: 100, overlap: 64, multiple: 8 })).toThrow(RangeError)
  })
})

describe('cutting', () => {
  it('mirrors past the border with the border pixel doubled', () => {
    expect([-3, -2, -1, 0, 1, 2, 3, 4, 5, 6].map((i) => mirror(i, 3))).toEqual([2, 1, 0, 0, 1, 2, 2, 1, 0, 0])
    const tile = cut(tensor([1, 2, 2], Float32Array.of(1, 2, 3, 4)), 1, 0, 4, 3)
    expect(tile.shape).toEqual([1, 1, 3, 4])
    expect([...tile.data]).toEqual([2, 2, 1, 1, 4, 4, 3, 3, 4, 4, 3, 3])
  })
})

describe('running over tiles', () => {
  const run = (source: Tensor, fn: (tile: Tensor) => Promise<Tensor>, size: number, overlap: number, multiple = 8) =>
    outcome(tiled(source, planTiles(source.shape[2], source.shape[1], { size, overlap, multiple }), { run: fn }, signal))

  it('gives back what it was given', async () => {
    const source = picture(3, 211, 333)
    const same = await run(source, async (tile) => tile, 96, 16)
    expect(same.shape).toEqual(source.shape)
    expect(same.data.every((value, i) => Math.abs(value - source.data[i]) < 1e-6)).toBe(true)
  })

  /** A box of 2 reach + 1 rows and as many columns, zeros outside, as in a network's convolutions. */
  const box = (reach: number) => async (tile: Tensor) => {
    const [, channels, rows, columns] = tile.shape
    const out = new Float32Array(tile.data.length)
    for (let c = 0; c < channels; c++)
      for (let r = 0; r < rows; r++)
        for (let k = 0; k < columns; k++) {
          let sum = 0
          for (let u = Math.max(-reach, -r); u <= reach && r + u < rows; u++) sum += tile.data[(c * rows + r + u) * columns + k]
          for (let u = Math.max(-reach, -k); u <= reach && k + u < columns; u++) sum += tile.data[(c * rows + r) * columns + k + u]
          out[(c * rows + r) * columns + k] = sum / (4 * reach + 2)
        }
    return tensor(tile.shape, out)
  }
  const apart = (a: Tensor, b: Tensor) => a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i])), 0)

  it('agrees with one big tile where the function reaches no further than a quarter of the overlap', async () => {
    const source = picture(3, 160, 232)
    expect(apart(await run(source, box(4), 400, 16), await run(source, box(4), 64, 16))).toBeLessThan(1e-6)
  })

  it('lets the cut show a little where it reaches further', async () => {
    const source = picture(3, 160, 232)
    const difference = apart(await run(source, box(8), 400, 16), await run(source, box(8), 64, 16))
    expect(difference).toBeGreaterThan(1e-3)
    expect(difference).toBeLessThan(0.05)
  })

  it('tells each tile and stops between tiles', async () => {
    const controller = new AbortController()
    const source = picture(1, 100, 100)
    const plan = planTiles(100, 100, { size: 48, overlap: 16, multiple: 8 })
    const told: number[] = []
    const go = async () => {
      for await (const done of tiled(source, plan, { run: async (tile) => tile }, controller.signal)) {
        told.push(done)
        if (done === 3) controller.abort()
      }
    }
    await expect(go()).rejects.toMatchObject({ name: 'AbortError' })
    expect(told).toEqual([1, 2, 3])
    expect(plan.count).toBe(9)
  })

  it('asks for the next tile before it tells of the last, and never for two at once', async () => {
    const plan = planTiles(100, 60, { size: 48, overlap: 16, multiple: 8 })
    const happened: string[] = []
    let running = 0
    const fn = async (tile: Tensor) => {
      happened.push('asked')
      expect(++running).toBe(1)
      const seen = tile.data.slice()
      await new Promise((resolve) => setTimeout(resolve, 1))
      // Its memory is nobody else's while the call lasts.
      expect(tile.data).toEqual(seen)
      running--
      return tile
    }
    for await (const done of tiled(picture(1, 60, 100), plan, { run: fn }, signal)) happened.push(`told ${done}`)
    const told = Array.from({ length: plan.count }, (_, i) => `told ${i + 1}`)
    expect(happened).toEqual(['asked', ...told.slice(0, -1).flatMap((each) => ['asked', each]), ...told.slice(-1)])
  })

  it('throws what a call throws, and nobody hears of one that failed after the listener went', async () => {
    const plan = planTiles(100, 60, { size: 48, overlap: 16, multiple: 8 })
    const failing = (at: number) => {
      let calls = 0
      return async (tile: Tensor) => {
        if (++calls === at) throw new Error('no memory')
        return tile
      }
    }
    await expect(run(picture(1, 60, 100), failing(3), 48, 16)).rejects.toThrow('no memory')
    const unheard: unknown[] = []
    const listen = (reason: unknown) => unheard.push(reason)
    process.on('unhandledRejection', listen)
    for await (const _ of tiled(picture(1, 60, 100), plan, { run: failing(2) }, signal)) break
    await new Promise((resolve) => setTimeout(resolve, 20))
    process.off('unhandledRejection', listen)
    expect(unheard).toEqual([])
  })
})
