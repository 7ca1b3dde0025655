import { describe, expect, it } from 'vitest'
import { applyCube, cubeOf, readCube, writeCube } from '../../main/math/colour-cube.ts'
import { uniforms } from '../kit/generate.ts'

const bend = (colours: Float64Array) => colours.map((value, i) => 0.9 * value + 0.1 * colours[i - (i % 3)])

describe('a table of colours', () => {
  it('reproduces what is linear, and keeps greys grey', () => {
    const colours = uniforms(300, 1)
    const looked = applyCube(cubeOf(bend, 5, 'bend'), colours)
    expect(Math.max(...looked.map((value, i) => Math.abs(value - bend(colours)[i])))).toBeLessThan(1e-12)
    const curve = cubeOf((grid) => grid.map((value) => value ** 2), 4, 'curve')
    const [r, g, b] = applyCube(curve, Float64Array.of(0.4, 0.4, 0.4))
    expect(r).toBeCloseTo(g, 14)
    expect(g).toBeCloseTo(b, 14)
  })

  it('is read as it was written, with comments, blank lines and another domain', () => {
    const cube = cubeOf(bend, 3, 'A "look"')
    const text = `# made here\r\n\r\n${writeCube(cube).replaceAll('\n', '\r\n')}`
    const again = readCube(text)
    expect(again.title).toBe('A  look ')
    expect(Math.max(...again.nodes.map((value, i) => Math.abs(value - cube.nodes[i])))).toBeLessThan(1e-6)
    const wide = readCube(writeCube({ ...cube, from: [-1, 0, 0], to: [1, 2, 1] }))
    expect([wide.from, wide.to]).toEqual([
      [-1, 0, 0],
      [1, 2, 1],
    ])
  })

  it.each([
    ['no size', '0 0 0\n'],
    ['a curve', 'LUT_1D_SIZE 4\n'],
    ['too few lines', 'LUT_3D_SIZE 2\n0 0 0\n'],
    ['a word', `LUT_3D_SIZE 2\n${'0 0 x\n'.repeat(8)}`],
    ['two numbers', `LUT_3D_SIZE 2\n${'0 0\n'.repeat(8)}`],
    ['one node', 'LUT_3D_SIZE 1\n0 0 0\n'],
    ['no domain', `LUT_3D_SIZE 2\nDOMAIN_MAX 0 1 1\n${'0 0 0\n'.repeat(8)}`],
  ])('is refused with %s', (_what, text) => {
    expect(() => readCube(text)).toThrow(RangeError)
  })
})
