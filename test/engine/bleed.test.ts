import { expect, test } from 'vitest'
import { bleedInto } from '../../main/engine/pictures/bleed.ts'
import { tensor } from '../../main/math/tensor.ts'

test('what shows is untouched; a hole takes the colours around it, channel by channel', () => {
  // Two channels of 2 × 4: the left half shows 1 and 3 (10 and 30), the right half nothing.
  const planes = tensor([2, 2, 4], Float32Array.of(1, 3, 0, 0, 1, 3, 0, 0, 10, 30, 0, 0, 10, 30, 0, 0))
  bleedInto(planes, Uint8Array.of(1, 1, 0, 0, 1, 1, 0, 0))
  expect([...planes.data]).toEqual([1, 3, 2, 2, 1, 3, 2, 2, 10, 30, 20, 20, 10, 30, 20, 20])
})

test('one pixel is enough for a picture of any shape, and a whole one stays as it is', () => {
  const planes = tensor([1, 5, 7])
  planes.data[17] = 0.25
  const shown = new Uint8Array(35)
  shown[17] = 1
  bleedInto(planes, shown)
  expect([...new Set(planes.data)]).toEqual([0.25])
  const whole = tensor([1, 2, 2], Float32Array.of(1, 2, 3, 4))
  bleedInto(whole, new Uint8Array(4).fill(1))
  expect([...whole.data]).toEqual([1, 2, 3, 4])
})
