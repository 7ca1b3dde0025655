import { expect, test } from 'vitest'
import { cutOut } from '../../../main/engine/imagination/cut-out.ts'
import { laid } from '../../../main/engine/imagination/paste.ts'
import { type Tensor, tensor } from '../../../main/math/tensor.ts'

const { signal } = new AbortController()
const SIDE = 32
const PIXELS = SIDE * SIDE
const RED = [0.8, 0.1, 0.2]
const BLUE = [0.1, 0.3, 0.9]

/** How opaque a disc with a soft edge is, and a pane beside it. */
const disc = (x: number, y: number) => Math.min(1, Math.max(0, (9 - Math.hypot(x - 11, y - 15.5)) / 4 + 0.5))
const pane = (x: number) => (x >= 26 ? 0.3 : 0)

/** As a decoder tells it: never quite nothing or all, and a little off on white. */
function decoded(): { picture: Tensor; alpha: Tensor } {
  const [picture, alpha] = [tensor([3, SIDE, SIDE]), tensor([1, SIDE, SIDE])]
  for (let i = 0; i < PIXELS; i++) {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)]
    const opacity = Math.max(disc(x, y), pane(x))
    alpha.data[i] = 0.012 + 0.976 * opacity
    const colour = pane(x) > 0 ? BLUE : RED
    const off = 0.015 * ((i % 3) - 1)
    for (let c = 0; c < 3; c++) picture.data[c * PIXELS + i] = (colour[c] as number) * opacity + 1 - opacity + off
  }
  return { picture, alpha }
}

test('what was painted on white is cut out: nothing is nothing, all is all, edges have the colour of what they are the edge of', async () => {
  const { picture, alpha } = decoded()
  const rgba = new Uint8Array(4 * PIXELS)
  const ground = { rect: { x: 0, y: 0, width: SIDE, height: SIDE }, rgba, weights: new Float32Array(PIXELS).fill(1) }
  const patch = await laid(ground, await cutOut(picture, alpha, signal), signal)
  const seen = { edge: 0, pane: 0, nothing: 0, all: 0 }
  for (let i = 0; i < PIXELS; i++) {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)]
    const [red, green, blue, opacity] = patch.rgba.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number]
    const wanted = Math.max(disc(x, y), pane(x))
    expect(Math.abs(opacity - 255 * wanted)).toBeLessThan(7)
    if (wanted === 0) expect(opacity).toBe(0)
    if (wanted === 1) expect(opacity).toBe(255)
    seen[pane(x) > 0 ? 'pane' : wanted === 0 ? 'nothing' : wanted === 1 ? 'all' : 'edge']++
    if (opacity === 0) continue
    const colour = pane(x) > 0 ? BLUE : RED
    // On an edge little is known of the colour, and much of what it is the edge of; a pane has but its own.
    const slack = pane(x) > 0 ? 30 : 16
    for (const [c, value] of [red, green, blue].entries()) expect(Math.abs(value - 255 * (colour[c] as number))).toBeLessThan(slack)
  }
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20)
})

test('what is nowhere sure keeps its own colours, and nothing at all is nothing', async () => {
  const thin = tensor([1, 4, 4], new Float32Array(16).fill(0.4))
  const glass = tensor(
    [3, 4, 4],
    Float32Array.from({ length: 48 }, (_, i) => [0.5, 0.2, 0.7][Math.floor(i / 16)]! * 0.4 + 0.6),
  )
  const { data } = await cutOut(glass, thin, signal)
  const opacity = data[48] as number
  for (const [c, colour] of [0.5, 0.2, 0.7].entries()) expect(data[16 * c]).toBeCloseTo(colour * opacity + 1 - opacity, 5)
  const none = await cutOut(tensor([3, 4, 4], new Float32Array(48).fill(0.97)), tensor([1, 4, 4], new Float32Array(16).fill(0.01)), signal)
  expect([...none.data.subarray(48)]).toEqual(new Array(16).fill(0))
})
