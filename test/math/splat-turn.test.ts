import { expect, it } from 'vitest'
import { renderSplats } from '../../main/math/splat-render.ts'
import { ABOUT_X, ABOUT_Z, type Turn, turned, Z_UP_TO_Y_UP } from '../../main/math/splat-turn.ts'
import { SPLAT_FIELDS, type Splats } from '../../main/math/splats.ts'
import { cameraAround, randomCloud } from '../kit/splat-cloud.ts'

const single = (cloud: Splats): Splats => ({
  ...cloud,
  ...Object.fromEntries(SPLAT_FIELDS.map((field) => [field, Float32Array.from(cloud[field])])),
})
const far = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)

it.each<[string, Turn]>([
  ['half about x', ABOUT_X],
  ['half about z', ABOUT_Z],
  ['from z up to y up', Z_UP_TO_Y_UP],
  ['askew', [0.8, 0.36, -0.48, 0]],
])('a turned cloud looks the same to a camera turned with it: %s', (_, turn) => {
  const cloud = single(randomCloud(12, 3, 4))
  const camera = cameraAround(24, 0.3)
  const [w, x, y, z] = turn
  const axes = [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ]
  const r = camera.rotation
  // World to camera after the world was turned back.
  const rotation = [0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => [0, 1, 2].reduce((sum, k) => sum + r[3 * i + k] * axes[j][k], 0)))
  const [before, after] = [renderSplats(cloud, camera, [0, 0, 0]), renderSplats(turned(cloud, turn), { ...camera, rotation }, [0, 0, 0])]
  expect(far(after.image, before.image)).toBeLessThan(1e-4)
})

it('two half turns bring everything back to the bit', () => {
  const cloud = single(randomCloud(5, 3, 9))
  for (const turn of [ABOUT_X, ABOUT_Z]) {
    const back = turned(turned(cloud, turn), turn)
    for (const field of SPLAT_FIELDS) {
      // A quaternion and its negative are one rotation.
      const sign = field === 'rotation' ? -1 : 1
      expect(Array.from(back[field], (value) => sign * value)).toEqual(Array.from(cloud[field]))
    }
  }
})
