import { plyTable } from './ply-table.ts'
import { unreadable } from './splat-read.ts'
import type { Splats } from './splats.ts'

/** Coloured points: three numbers each, colours 0..1. */
export interface Points {
  readonly position: Float32Array
  readonly colour: Float32Array
}

const Y0 = 0.28209479177387814
const NEIGHBOURS = 3
/** Squared sizes are no less, so that points on each other have one. */
const LEAST = 1e-7
const OPACITY = 0.1

/** Reads a .ply file of points with red, green and blue. @throws RangeError where it is none. */
export function readPlyPoints(bytes: Uint8Array): Points {
  const { columns, gather } = plyTable(bytes)
  const names = ['red', 'green', 'blue']
  for (const name of names)
    if (!['uchar', 'uint8', 'float', 'float32', 'double', 'float64'].includes(columns.get(name)?.type ?? ''))
      throw unreadable(`It lacks the property ${name}, as a byte or a number up to 1.`)
  const isByte = columns.get('red')?.type.startsWith('u')
  return { position: gather(['x', 'y', 'z']), colour: gather(names).map((value) => value / (isByte ? 255 : 1)) }
}

/** Mean squared distance of each point to its nearest three, by a grid of cells that hold a few points each. */
function nearness(position: Float32Array): Float64Array {
  const count = position.length / 3
  const [low, high] = [[0, 0, 0].fill(Number.POSITIVE_INFINITY), [0, 0, 0].fill(Number.NEGATIVE_INFINITY)]
  for (let i = 0; i < position.length; i++) {
    low[i % 3] = Math.min(low[i % 3], position[i])
    high[i % 3] = Math.max(high[i % 3], position[i])
  }
  const sides = high.map((value, k) => value - low[k])
  const cells = Math.max(1, Math.min(128, Math.round(Math.cbrt(count / 2))))
  const size = Math.max(...sides, Number.MIN_VALUE) / cells
  const cellOf = (i: number, k: number) => Math.min(cells - 1, Math.floor((position[3 * i + k] - low[k]) / size))
  const inside = new Map<number, number[]>()
  const keyOf = (x: number, y: number, z: number) => (x * cells + y) * cells + z
  for (let i = 0; i < count; i++) {
    const key = keyOf(cellOf(i, 0), cellOf(i, 1), cellOf(i, 2))
    const list = inside.get(key)
    if (list) list.push(i)
    else inside.set(key, [i])
  }
  return Float64Array.from({ length: count }, (_, i) => {
    const home = [cellOf(i, 0), cellOf(i, 1), cellOf(i, 2)]
    const nearest = new Array<number>(NEIGHBOURS).fill(Number.POSITIVE_INFINITY)
    // Shell by shell: what lies in a shell is further away than the cells between.
    for (let ring = 0; ring <= cells && nearest[NEIGHBOURS - 1] > (Math.max(0, ring - 1) * size) ** 2; ring++) {
      const range = (k: number) => [Math.max(0, home[k] - ring), Math.min(cells - 1, home[k] + ring)]
      const [[x0, x1], [y0, y1], [z0, z1]] = [range(0), range(1), range(2)]
      for (let x = x0; x <= x1; x++)
        for (let y = y0; y <= y1; y++)
          for (let z = z0; z <= z1; z++) {
            if (Math.max(Math.abs(x - home[0]), Math.abs(y - home[1]), Math.abs(z - home[2])) !== ring) continue
            for (const j of inside.get(keyOf(x, y, z)) ?? []) {
              if (j === i) continue
              const square = [0, 1, 2].reduce((sum, k) => sum + (position[3 * i + k] - position[3 * j + k]) ** 2, 0)
              if (square >= nearest[NEIGHBOURS - 1]) continue
              nearest[NEIGHBOURS - 1] = square
              nearest.sort((a, b) => a - b)
            }
          }
    }
    const found = nearest.filter(Number.isFinite)
    return found.reduce((sum, value) => sum + value, 0) / Math.max(1, found.length)
  })
}

/** A faint round splat for each point, as large as its nearest three are far. @throws RangeError where colours and points differ in number. */
export function splatsOfPoints({ position, colour }: Points): Splats {
  if (position.length !== colour.length || position.length % 3 !== 0) throw new RangeError('Each point has three coordinates and a colour.')
  const count = position.length / 3
  const squares = nearness(position)
  return {
    ...{ count, degree: 0, position },
    logScale: Float32Array.from({ length: 3 * count }, (_, i) => Math.log(Math.max(LEAST, squares[Math.floor(i / 3)])) / 2),
    rotation: Float32Array.from({ length: 4 * count }, (_, i) => Number(i % 4 === 0)),
    opacity: new Float32Array(count).fill(Math.log(OPACITY / (1 - OPACITY))),
    harmonics: colour.map((value) => (value - 0.5) / Y0),
  }
}
