import { describe, expect, it } from 'vitest'
import { downsample } from '../../main/math/downsample.ts'
import { tensor } from '../../main/math/tensor.ts'

describe('a smaller picture', () => {
  it('averages whole blocks, and what is left at the border', () => {
    const small = downsample(
      tensor(
        [1, 3, 5],
        Float32Array.from({ length: 15 }, (_, i) => i),
      ),
      3,
    )
    expect(small.shape).toEqual([1, 2, 3])
    expect([...small.data]).toEqual([3, 5, 6.5, 10.5, 12.5, 14])
  })

  it('is a copy where nothing is to be done', () => {
    const source = tensor(
      [3, 2, 2],
      Float32Array.from({ length: 12 }, (_, i) => i),
    )
    const same = downsample(source, 512)
    expect(same).toEqual(source)
    expect(same.data).not.toBe(source.data)
  })

  it('has no side longer than asked', () => {
    for (const [rows, columns] of [
      [700, 300],
      [1, 1025],
      [513, 512],
    ])
      expect(Math.max(...downsample(tensor([1, rows, columns]), 512).shape)).toBeLessThanOrEqual(512)
  })
})
