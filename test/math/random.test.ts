import { describe, expect, it } from 'vitest'
import { advance, noiseOf, normalsInto, philoxInto, uniformsInto } from '../../main/math/random.ts'

describe('noise', () => {
  it('is Philox 4x32-10: the answers published with it', () => {
    const out = new Uint32Array(4)
    const f = 0xffffffff
    philoxInto(out, [0, 0, 0, 0], [0, 0])
    expect([...out]).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8])
    philoxInto(out, [f, f, f, f], [f, f])
    expect([...out]).toEqual([0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd])
    philoxInto(out, [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])
    expect([...out]).toEqual([0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1])
  })

  it('has the moments of a normal distribution', () => {
    const n = 400_000
    const values = new Float64Array(n)
    normalsInto(values, noiseOf(7))
    const moment = (p: number) => values.reduce((sum, value) => sum + value ** p, 0) / n
    expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(n))
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n))
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n))
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n))
  })

  it('is the same in pieces, in any order, and from further on', () => {
    const whole = new Float32Array(1000)
    normalsInto(whole, noiseOf(123456789012))
    const pieces = new Float32Array(1000)
    for (const [from, to] of [
      [501, 1000],
      [0, 3],
      [3, 501],
    ])
      normalsInto(pieces, noiseOf(123456789012), from, to)
    expect(pieces).toEqual(whole)
    const later = new Float32Array(10)
    normalsInto(later, advance(noiseOf(123456789012), 333))
    expect(later).toEqual(whole.slice(333, 343))
  })

  it('differs by seed', () => {
    const [a, b] = [1, 2].map((seed) => {
      const values = new Float64Array(8)
      uniformsInto(values, noiseOf(seed))
      return values
    })
    expect(a).not.toEqual(b)
    expect([...a, ...b].every((value) => value > 0 && value < 1)).toBe(true)
  })
})
