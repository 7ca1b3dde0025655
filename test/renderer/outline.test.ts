import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newPart } from '../../renderer/actions/frame.ts'
import { joined, outlineOf, traced } from '../../renderer/canvas/outline.ts'
import { simplified } from '../../renderer/canvas/simplify.ts'
import { type Outline, shifted } from '../../renderer/studio/objects.ts'

/** Is a position within closed lines, by the even-odd rule? */
function isWithin(lines: Outline, x: number, y: number): boolean {
  let inside = false
  for (const line of lines)
    for (let i = 0; i < line.length; i += 2) {
      const [ax, ay] = [line[i] as number, line[i + 1] as number]
      const [bx, by] = [line[(i + 2) % line.length] as number, line[(i + 3) % line.length] as number]
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
    }
  return inside
}

describe('the outline of a mask', () => {
  test('holds the pixels that are inside and leaves out the others, holes too', () => {
    const [width, height] = [40, 30]
    const mask = new Uint8Array(width * height)
    const ring = (x: number, y: number) => Math.hypot(x + 0.5 - 20, y + 0.5 - 15)
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (ring(x, y) < 12 && ring(x, y) > 5) mask[y * width + x] = 255
    const lines = traced(mask, width, height, { x: 1, y: 1 })
    expect(lines.length).toBe(2)
    const one = outlineOf(joined(lines) ?? { from: 'rectangle', x: 0, y: 0, width: 1, height: 1 }) ?? []
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        // The very edge may be rounded: an outline through the middles of edges cuts corners.
        if (Math.abs(ring(x, y) - 12) < 1.2 || Math.abs(ring(x, y) - 5) < 1.2) continue
        for (const outline of [lines, one]) expect(isWithin(outline, x + 0.5, y + 0.5), `${x}, ${y}`).toBe(mask[y * width + x] === 255)
      }
  })

  test('of any mask is closed lines with as many inside as the mask has, within its edge', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 24 * 16, maxLength: 24 * 16 }), (cells) => {
        // Blocks of four by four, so that there is an inside to speak of.
        const [width, height] = [96, 64]
        const mask = Uint8Array.from({ length: width * height }, (_, i) =>
          cells[Math.floor(Math.floor(i / width) / 4) * 24 + Math.floor((i % width) / 4)] ? 255 : 0,
        )
        const lines = traced(mask, width, height, { x: 1, y: 1 })
        for (const [row, column] of [
          [0, 0],
          [7, 11],
          [15, 23],
        ] as const)
          expect(isWithin(lines, column * 4 + 2, row * 4 + 2)).toBe(cells[row * 24 + column])
      }),
      { numRuns: 60 },
    )
  })

  test('is told in pixels of the picture', () => {
    const mask = new Uint8Array(16).fill(255)
    const [line] = traced(mask, 4, 4, { x: 10, y: 5 })
    const [columns, rows] = [line.filter((_, i) => i % 2 === 0), line.filter((_, i) => i % 2 === 1)]
    expect([Math.min(...columns), Math.max(...columns), Math.min(...rows), Math.max(...rows)]).toEqual([0, 40, 0, 20])
  })
})

describe('a line with fewer points', () => {
  test('stays within the tolerance of every point it left out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 })), { minLength: 4, maxLength: 60 }),
        (points) => {
          const kept = simplified(points, 1)
          const toSegment = (
            [x, y]: readonly [number, number],
            [ax, ay]: readonly [number, number],
            [bx, by]: readonly [number, number],
          ) => {
            const length = Math.hypot(bx - ax, by - ay)
            return length === 0 ? Math.hypot(x - ax, y - ay) : Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length
          }
          for (const point of points) {
            const nearest = Math.min(...kept.map((from, i) => toSegment(point, from, kept[(i + 1) % kept.length] ?? from)))
            expect(nearest).toBeLessThanOrEqual(1 + 1e-9)
          }
        },
      ),
    )
  })
})

describe('what a frame adds', () => {
  const picture = { width: 400, height: 300 }
  test('on one side is a box, in the coordinates of the frame', () => {
    expect(newPart({ x: 0, y: 0, width: 480, height: 300 }, picture)).toEqual({ from: 'rectangle', x: 400, y: 0, width: 80, height: 300 })
    expect(newPart({ x: -50, y: 0, width: 450, height: 300 }, picture)).toEqual({ from: 'rectangle', x: 0, y: 0, width: 50, height: 300 })
    expect(newPart({ x: 10, y: 10, width: 50, height: 50 }, picture)).toBeNull()
  })

  test('on more sides is all but the picture', () => {
    const region = newPart({ x: -50, y: -40, width: 500, height: 380 }, picture)
    const lines = (region && outlineOf(region)) ?? []
    for (const [x, y, expected] of [
      [5, 5, true],
      [250, 20, true],
      [480, 350, true],
      [55, 45, false],
      [440, 330, false],
      [250, 190, false],
    ] as const)
      expect(isWithin(lines, x, y), `${x}, ${y}`).toBe(expected)
  })
})

test('a region moves with the picture under another frame', () => {
  expect(shifted({ from: 'rectangle', x: 10, y: 20, width: 5, height: 5 }, 50, -5)).toMatchObject({ x: 60, y: 15, width: 5 })
  expect(shifted({ from: 'thing', on: [[1, 2]], beside: [[3, 4]], box: { x: 0, y: 0, width: 9, height: 9 } }, 1, 1)).toEqual({
    from: 'thing',
    on: [[2, 3]],
    beside: [[4, 5]],
    box: { x: 1, y: 1, width: 9, height: 9 },
  })
})
