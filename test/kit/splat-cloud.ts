import type { Camera, Splats } from '../../main/math/splats.ts'
import { widthsOf } from '../../main/math/splats.ts'
import { normals } from './generate.ts'

/** A random cloud around the origin, about as wide as the camera below sees. */
export function randomCloud(count: number, degree: number, seed: number, sigma = 0.25): Splats {
  const { harmonics } = widthsOf(degree)
  const of = (width: number, part: number) => normals(width * count, 100 * seed + part)
  return {
    ...{ count, degree },
    position: of(3, 1).map((value) => 0.4 * value),
    logScale: of(3, 2).map((value) => Math.log(sigma) + 0.3 * value),
    rotation: of(4, 3),
    opacity: of(1, 4).map((value) => 0.5 * value),
    harmonics: of(harmonics, 5).map((value) => 0.3 * value),
  }
}

/** Looks at the origin from a distance, turned about the vertical. */
export function cameraAround(side: number, angle = 0, distance = 3): Camera {
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  const focal = side
  return {
    rotation: [c, 0, s, 0, 1, 0, -s, 0, c],
    translation: [0, 0, distance],
    ...{ fx: focal, fy: focal, cx: side / 2, cy: side / 2, width: side, height: side },
  }
}
