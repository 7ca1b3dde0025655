import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fillPieces, type MaskPieces, maskPieces, piecesNear } from '../../main/math/mask-pieces.ts'

function piecesOf(mask: Uint8Array, width: number, height: number): MaskPieces {
  const work = maskPieces(mask, width, height)
  for (let next = work.next(); ; next = work.next()) if (next.done) return next.value
}

/** The piece of each pixel, spread from neighbour to neighbour: slow and plain. */
function flooded(mask: Uint8Array, width: number): number[] {
  const pieces = new Array<number>(mask.length).fill(-1)
  let count = 0
  for (let start = 0; start < mask.length; start++) {
    if (pieces[start]! >= 0) continue
    const spread = [start]
    for (let at = spread.pop(); at !== undefined; at = spread.pop()) {
      if (pieces[at]! >= 0 || mask[at] !== mask[start]) continue
      pieces[at] = count
      const x = at % width
      if (x > 0) spread.push(at - 1)
      if (x < width - 1) spread.push(at + 1)
      if (at >= width) spread.push(at - width)
      if (at + width < mask.length) spread.push(at + width)
    }
    count++
  }
  return pieces
}

const masks = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([width, height]) =>
    fc
      .array(fc.constantFrom(0, 255), { minLength: width * height, maxLength: width * height })
      .map((bytes) => ({ mask: Uint8Array.from(bytes), width, height })),
  )

describe('the pieces of a mask', () => {
  it('are what hangs together by its sides, in the order they are met', () => {
    fc.assert(
      fc.property(masks, ({ mask, width, height }) => {
        const { starts, pieces, sizes, isInside, isOpen } = piecesOf(mask, width, height)
        const plain = flooded(mask, width)
        const drawn = [...pieces].flatMap((piece, run) => new Array<number>(starts[run + 1]! - starts[run]!).fill(piece))
        expect(drawn).toEqual(plain)
        for (const [piece, size] of sizes.entries()) {
          const members = [...plain.keys()].filter((at) => plain[at] === piece)
          const isEdge = (at: number) => at % width === 0 || at % width === width - 1 || at < width || at >= mask.length - width
          expect([size, isInside[piece], isOpen[piece]]).toEqual([members.length, mask[members[0]!] === 255, members.some(isEdge)])
        }
      }),
      { numRuns: 500 },
    )
  })

  it('near a place are those of the pixels around it', () => {
    fc.assert(
      fc.property(masks, fc.nat(), fc.nat(4), ({ mask, width, height }, place, reach) => {
        const at = place % mask.length
        const plain = flooded(mask, width)
        const isNear = (other: number) =>
          Math.abs((other % width) - (at % width)) <= reach && Math.abs(Math.floor(other / width) - Math.floor(at / width)) <= reach
        const around = new Set(plain.filter((_, other) => isNear(other)))
        expect(piecesNear(piecesOf(mask, width, height), width, at, reach)).toEqual(around)
      }),
    )
  })

  it('are filled whole and alone', () => {
    const mask = Uint8Array.of(0, 255, 0, 255, 255, 255, 0, 0, 0)
    fillPieces(mask, piecesOf(mask, 3, 3), (piece) => piece === 1, 0)
    expect([...mask]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0])
  })
})
