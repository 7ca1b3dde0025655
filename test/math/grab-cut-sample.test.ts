import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { segmentThing } from '../../main/math/grab-cut.ts'

const { data, info } = await sharp(join(import.meta.dirname, '../../renderer/samples/still-life.jpg'))
  .ensureAlpha()
  .raw()
  .toBuffer({ resolveWithObject: true })
const still = { data: new Uint8Array(data), width: info.width, height: info.height }

const places = {
  pear: [320, 470],
  stem: [320, 195],
  jug: [630, 400],
  'white lines of the jug': [640, 560],
  handle: [826, 345],
  'hole of the handle': [785, 345],
  wall: [480, 100],
  table: [480, 700],
} as const
type Place = keyof typeof places

it.each<[Place, Place[], number, number]>([
  ['pear', ['pear'], 0.077, 0.084],
  ['stem', ['stem'], 0.0005, 0.002],
  ['jug', ['jug', 'white lines of the jug', 'handle'], 0.118, 0.128],
  // What is seen through the handle does not hang together with the rest.
  ['wall', ['wall'], 0.5, 0.56],
  ['table', ['table'], 0.22, 0.25],
])('the %s of a painting is had by one click', { timeout: 60_000 }, async (clicked, inside, least, most) => {
  const mask = await segmentThing(still, { on: [places[clicked]], beside: [], box: null }, new AbortController().signal)
  const held = Object.entries(places).filter(([, [x, y]]) => mask[y * still.width + x] === 255)
  expect(held.map(([place]) => place)).toEqual(inside)
  const share = mask.reduce((sum, value) => sum + value / 255, 0) / mask.length
  expect(share).toBeGreaterThan(least)
  expect(share).toBeLessThan(most)
})
