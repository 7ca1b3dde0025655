/** A table of colours on an even grid: red fastest, then green, then blue; three numbers a node. */
export interface ColourCube {
  readonly title: string
  /** Nodes a side. */
  readonly size: number
  readonly from: readonly [number, number, number]
  readonly to: readonly [number, number, number]
  readonly nodes: Float64Array
}

/** The fewest and the most nodes a side that a file may have. */
const [SMALLEST, LARGEST] = [2, 256]

const clamp = (value: number) => Math.min(1, Math.max(0, value))

/** A map of colours (rows of three in 0..1) as a table over 0..1; what leaves 0..1 is cut off. */
export function cubeOf(map: (colours: Float64Array) => Float64Array, size: number, title: string): ColourCube {
  if (!Number.isInteger(size) || size < SMALLEST || size > LARGEST) throw new RangeError(`A table has 2 to 256 nodes a side, not ${size}.`)
  const grid = new Float64Array(3 * size ** 3)
  for (let at = 0; at < size ** 3; at++)
    for (let channel = 0; channel < 3; channel++) grid[3 * at + channel] = (Math.floor(at / size ** channel) % size) / (size - 1)
  return { title, size, from: [0, 0, 0], to: [1, 1, 1], nodes: map(grid).map(clamp) }
}

const sixDecimals = (values: ArrayLike<number>) => Array.from(values, (value) => value.toFixed(6)).join(' ')
const bounds = (values: readonly number[]) => values.map((value) => (Number.isInteger(value) ? value.toFixed(1) : String(value))).join(' ')

/** The text of a .cube file. */
export function writeCube({ title, size, from, to, nodes }: ColourCube): string {
  const lines = [
    `TITLE "${title.replaceAll(/["\r\n]/g, ' ')}"`,
    `LUT_3D_SIZE ${size}`,
    `DOMAIN_MIN ${bounds(from)}`,
    `DOMAIN_MAX ${bounds(to)}`,
  ]
  for (let at = 0; at < nodes.length; at += 3) lines.push(sixDecimals(nodes.subarray(at, at + 3).map(clamp)))
  return `${lines.join('\n')}\n`
}

const numbers = (words: readonly string[], line: number): [number, number, number] => {
  const [a, b, c] = words.map(Number)
  if (words.length !== 3 || ![a, b, c].every(Number.isFinite)) throw new RangeError(`Line ${line} does not hold three numbers.`)
  return [a, b, c]
}

/** Reads the text of a .cube file. @throws RangeError saying in which line it is none. */
export function readCube(text: string): ColourCube {
  let title = ''
  let size = 0
  let from: [number, number, number] = [0, 0, 0]
  let to: [number, number, number] = [1, 1, 1]
  const nodes: number[] = []
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const content = raw.trim()
    if (content === '' || content.startsWith('#')) continue
    const [word, ...rest] = content.split(/\s+/)
    if (word === 'TITLE') title = /"(.*)"/.exec(content)?.[1] ?? rest.join(' ')
    else if (word === 'LUT_1D_SIZE') throw new RangeError('The file holds one curve a channel (LUT_1D_SIZE) and no table of colours.')
    else if (word === 'LUT_3D_SIZE') {
      size = Number(rest[0])
      if (!Number.isInteger(size) || size < SMALLEST || size > LARGEST)
        throw new RangeError(`Line ${i + 1}: a table has 2 to 256 nodes a side, not ${rest[0]}.`)
    } else if (word === 'DOMAIN_MIN') from = numbers(rest, i + 1)
    else if (word === 'DOMAIN_MAX') to = numbers(rest, i + 1)
    else nodes.push(...numbers([word, ...rest], i + 1))
  }
  if (size === 0) throw new RangeError('The file does not say how many nodes it has (LUT_3D_SIZE).')
  if (nodes.length !== 3 * size ** 3) throw new RangeError(`The table has ${nodes.length / 3} colours instead of ${size ** 3}.`)
  if (from.some((low, channel) => !(low < to[channel])))
    throw new RangeError('The table covers no colours: DOMAIN_MIN is not below DOMAIN_MAX.')
  return { title, size, from, to, nodes: Float64Array.from(nodes) }
}

/** Colours (rows of three) looked up: the cell's tetrahedron around each is interpolated, which keeps greys grey. */
export function applyCube({ size, from, to, nodes }: ColourCube, colours: Float64Array): Float64Array {
  const out = new Float64Array(colours.length)
  const strides = [3, 3 * size, 3 * size * size]
  const share = [0, 0, 0]
  for (let at = 0; at < colours.length; at += 3) {
    let corner = 0
    for (let channel = 0; channel < 3; channel++) {
      const place = clamp((colours[at + channel] - from[channel]) / (to[channel] - from[channel])) * (size - 1)
      const cell = Math.min(size - 2, Math.floor(place))
      share[channel] = place - cell
      corner += cell * strides[channel]
    }
    // From the cell's first corner to its last by edges, the longest share first.
    const [first, second, third] = orderOf(share)
    const [a, b] = [corner + strides[first], corner + strides[first] + strides[second]]
    const last = b + strides[third]
    for (let k = 0; k < 3; k++)
      out[at + k] =
        (1 - share[first]) * nodes[corner + k] +
        (share[first] - share[second]) * nodes[a + k] +
        (share[second] - share[third]) * nodes[b + k] +
        share[third] * nodes[last + k]
  }
  return out
}

const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [2, 0, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 1, 0],
] as const

function orderOf([r, g, b]: readonly number[]): readonly [number, number, number] {
  if (r >= g) return g >= b ? ORDERS[0] : r >= b ? ORDERS[1] : ORDERS[2]
  return r >= b ? ORDERS[3] : g >= b ? ORDERS[4] : ORDERS[5]
}
