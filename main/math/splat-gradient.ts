import type { Floats } from './picture.ts'
import { harmonicCount, harmonicSlopesInto, harmonicsInto } from './spherical-harmonics.ts'
import { centreOf, clampTo, covarianceInto, directionInto, framesInto, LEAST_ALPHA, viewLimits } from './splat-projection.ts'
import { MOST_ALPHA, type Rendering, spanOf, zerosLike } from './splat-render.ts'
import { type Camera, SPLAT_FIELDS, type SplatField, type Splats, widthsOf } from './splats.ts'

/** Slopes of a loss in what was rendered, laid out as it. */
export interface RenderingSlope {
  readonly image: ArrayLike<number>
  readonly depth: ArrayLike<number>
  readonly alpha: ArrayLike<number>
}

/** Slopes of the loss in every number of the splats, and in where they lie in the picture, in pixels. */
export type SplatSlope = Readonly<Record<SplatField, Floats>> & { readonly uv: Float64Array }

/** Of each splat: u, v, three of the conic, opacity, depth, three of the colour. */
const PARTS = 10

/** From the pixels to the ten numbers each splat is drawn by: from the last splat to the first, as light is taken back. */
function toPictures(
  rendering: Rendering,
  slope: RenderingSlope,
  camera: Camera,
  background: ArrayLike<number>,
  count: number,
): Float64Array {
  const { projection, transmittance, last } = rendering
  const { uv, conic, opacity, colour, view, order } = projection
  const { width, height } = camera
  const light = transmittance.slice()
  const behind = zerosLike(light, light.length)
  for (let at = 0; at < light.length; at++) {
    let sum = -slope.alpha[at]
    for (let channel = 0; channel < 3; channel++) sum += slope.image[3 * at + channel] * background[channel]
    behind[at] = light[at] * sum
  }
  const parts = new Float64Array(PARTS * count)
  for (let place = order.length - 1; place >= 0; place--) {
    const i = order[place]
    const [u, v, a, b, c, o] = [uv[2 * i], uv[2 * i + 1], conic[3 * i], conic[3 * i + 1], conic[3 * i + 2], opacity[i]]
    const [red, green, blue, z] = [colour[3 * i], colour[3 * i + 1], colour[3 * i + 2], view[3 * i + 2]]
    let [du, dv, da, db, dc, dO, dz, dRed, dGreen, dBlue] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    const span = spanOf(projection, i, width, height)
    for (let row = span.top; row <= span.bottom; row++) {
      const dy = v - row - 0.5
      const [from, to] = span.at(row)
      for (let column = from, at = row * width + from; column <= to; column++, at++) {
        if (place > last[at]) continue
        const dx = u - column - 0.5
        const power = -0.5 * (a * dx * dx + c * dy * dy) - b * dx * dy
        if (power > 0) continue
        const density = Math.exp(power)
        const alpha = Math.min(MOST_ALPHA, o * density)
        if (alpha < LEAST_ALPHA) continue
        const before = light[at] / (1 - alpha)
        light[at] = before
        const [r, g, bl, depth] = [slope.image[3 * at], slope.image[3 * at + 1], slope.image[3 * at + 2], slope.depth[at]]
        const seen = r * red + g * green + bl * blue + depth * z
        const weight = alpha * before
        dRed += weight * r
        dGreen += weight * g
        dBlue += weight * bl
        dz += weight * depth
        const dAlpha = before * seen - behind[at] / (1 - alpha)
        behind[at] += weight * seen
        if (o * density > MOST_ALPHA) continue
        dO += density * dAlpha
        const pull = alpha * dAlpha
        du -= pull * (a * dx + b * dy)
        dv -= pull * (c * dy + b * dx)
        da -= 0.5 * pull * dx * dx
        db -= pull * dx * dy
        dc -= 0.5 * pull * dy * dy
      }
    }
    parts.set([du, dv, da, db, dc, dO, dz, dRed, dGreen, dBlue], PARTS * i)
  }
  return parts
}

/**
 * The exact slope of a loss in every splat, from its slope in what was rendered. Splats that were not seen have none. Where a splat's
 * alpha is cut off at 0.99 it passes nothing on, which is exact; the original passes it straight through.
 */
export function splatSlope(
  splats: Splats,
  camera: Camera,
  background: ArrayLike<number>,
  rendering: Rendering,
  slope: RenderingSlope,
): SplatSlope {
  const { count, degree, position, rotation: quaternions, logScale, harmonics } = splats
  const widths = widthsOf(degree)
  const out = Object.fromEntries(SPLAT_FIELDS.map((field) => [field, zerosLike(position, count * widths[field])])) as Record<
    SplatField,
    Floats
  >
  const uvSlope = new Float64Array(2 * count)
  const parts = toPictures(rendering, slope, camera, background, count)
  const { view, conic, opacity, colour, order } = rendering.projection
  const { fx, fy, rotation: R } = camera
  const limits = viewLimits(camera)
  const centre = centreOf(camera)
  const terms = harmonicCount(degree)
  const [axes, lens, sigma, direction] = [9, 6, 9, 3].map((size) => new Float64Array(size))
  const [basis, slopes] = [new Float64Array(terms), new Float64Array(3 * terms)]
  const [toSigma, toLens, lensSigma, toAxes] = [9, 6, 6, 9].map((size) => new Float64Array(size))
  for (const i of order) {
    const [du, dv, dA, dB, dC, dO, dDepth] = parts.subarray(PARTS * i, PARTS * i + 7)
    uvSlope[2 * i] = du
    uvSlope[2 * i + 1] = dv
    const length = framesInto(axes, lens, splats, camera, view, i)
    covarianceInto(sigma, axes)
    // Of the covariance in the picture: -Q G Q with the conic Q.
    const [A, B, C] = [conic[3 * i], conic[3 * i + 1], conic[3 * i + 2]]
    const half = dB / 2
    const [p, q, r, s] = [A * dA + B * half, A * half + B * dC, B * dA + C * half, B * half + C * dC]
    const [s00, s01, s11] = [-(p * A + q * B), -(p * B + q * C), -(r * B + s * C)]
    for (let k = 0; k < 3; k++)
      for (let l = 0; l < 3; l++)
        toSigma[3 * k + l] = lens[k] * (s00 * lens[l] + s01 * lens[3 + l]) + lens[3 + k] * (s01 * lens[l] + s11 * lens[3 + l])
    for (let row = 0; row < 2; row++)
      for (let l = 0; l < 3; l++)
        lensSigma[3 * row + l] = lens[3 * row] * sigma[l] + lens[3 * row + 1] * sigma[3 + l] + lens[3 * row + 2] * sigma[6 + l]
    for (let l = 0; l < 3; l++) {
      toLens[l] = 2 * (s00 * lensSigma[l] + s01 * lensSigma[3 + l])
      toLens[3 + l] = 2 * (s01 * lensSigma[l] + s11 * lensSigma[3 + l])
    }
    const toJ = (row: number, column: number) =>
      toLens[3 * row] * R[3 * column] + toLens[3 * row + 1] * R[3 * column + 1] + toLens[3 * row + 2] * R[3 * column + 2]
    const [j00, j02, j11, j12] = [toJ(0, 0), toJ(0, 2), toJ(1, 1), toJ(1, 2)]
    const z = view[3 * i + 2]
    const [sx, sy] = [view[3 * i] / z, view[3 * i + 1] / z]
    const [inX, inY] = [Number(Math.abs(sx) < limits.x), Number(Math.abs(sy) < limits.y)]
    const zz = z * z
    const toView = [
      (du * fx) / z - (inX * j02 * fx) / zz,
      (dv * fy) / z - (inY * j12 * fy) / zz,
      dDepth -
        (du * fx * sx + dv * fy * sy) / z -
        (j00 * fx + j11 * fy) / zz +
        (j02 * fx * (clampTo(sx, limits.x) + inX * sx) + j12 * fy * (clampTo(sy, limits.y) + inY * sy)) / zz,
    ]

    const distance = directionInto(direction, position, i, centre)
    harmonicsInto(basis, degree, direction[0], direction[1], direction[2])
    harmonicSlopesInto(slopes, degree, direction[0], direction[1], direction[2])
    const turn = [0, 0, 0]
    for (let channel = 0; channel < 3; channel++) {
      const pull = colour[3 * i + channel] > 0 ? parts[PARTS * i + 7 + channel] : 0
      if (pull === 0) continue
      for (let k = 0; k < terms; k++) {
        const at = 3 * (i * terms + k) + channel
        out.harmonics[at] = basis[k] * pull
        for (let l = 0; l < 3; l++) turn[l] += pull * harmonics[at] * slopes[3 * k + l]
      }
    }
    const along = turn[0] * direction[0] + turn[1] * direction[1] + turn[2] * direction[2]
    for (let l = 0; l < 3; l++)
      out.position[3 * i + l] = R[l] * toView[0] + R[3 + l] * toView[1] + R[6 + l] * toView[2] + (turn[l] - along * direction[l]) / distance

    for (let k = 0; k < 3; k++)
      for (let j = 0; j < 3; j++)
        toAxes[3 * k + j] = 2 * (toSigma[3 * k] * axes[j] + toSigma[3 * k + 1] * axes[3 + j] + toSigma[3 * k + 2] * axes[6 + j])
    // The axes hold sigma already: Σ axes · slope is the slope in its logarithm.
    for (let j = 0; j < 3; j++) {
      out.logScale[3 * i + j] = axes[j] * toAxes[j] + axes[3 + j] * toAxes[3 + j] + axes[6 + j] * toAxes[6 + j]
      const scale = Math.exp(logScale[3 * i + j])
      for (let k = 0; k < 3; k++) toAxes[3 * k + j] *= scale
    }
    const unit = Array.from({ length: 4 }, (_, k) => quaternions[4 * i + k] / length)
    const pulls = quaternionSlope(toAxes, unit)
    const radial = pulls.reduce((sum, value, k) => sum + value * unit[k], 0)
    for (let k = 0; k < 4; k++) out.rotation[4 * i + k] = (pulls[k] - radial * unit[k]) / length
    out.opacity[i] = dO * opacity[i] * (1 - opacity[i])
  }
  return { ...out, uv: uvSlope }
}

/** From the slope in a rotation to that in its unit quaternion. */
function quaternionSlope(e: Float64Array, [w, x, y, z]: readonly number[]): [number, number, number, number] {
  const [e00, e01, e02, e10, e11, e12, e20, e21, e22] = e
  return [
    2 * (x * (e21 - e12) + y * (e02 - e20) + z * (e10 - e01)),
    2 * (-2 * x * (e11 + e22) + y * (e01 + e10) + z * (e02 + e20) + w * (e21 - e12)),
    2 * (x * (e01 + e10) - 2 * y * (e00 + e22) + z * (e12 + e21) + w * (e02 - e20)),
    2 * (x * (e02 + e20) + y * (e12 + e21) - 2 * z * (e00 + e11) + w * (e10 - e01)),
  ]
}
