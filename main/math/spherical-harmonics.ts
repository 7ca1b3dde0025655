/** Real, orthonormal, with the Condon-Shortley sign; number l² + l + m. Directions are unit vectors. */
export const harmonicCount = (degree: number): number => (degree + 1) ** 2

/** As high as splats go. */
export const HIGHEST_DEGREE = 3

const Y0 = 0.28209479177387814
const Y1 = 0.4886025119029199
const Y2 = [1.0925484305920792, 0.31539156525252005, 0.5462742152960396] as const
const Y3 = [0.5900435899266435, 2.890611442640554, 0.4570457994644658, 0.3731763325901154, 1.445305721320277] as const

/** The first (degree + 1)² harmonics at a direction into `out`, degree at most 3. */
export function harmonicsInto(out: Float64Array, degree: number, x: number, y: number, z: number): void {
  out[0] = Y0
  if (degree < 1) return
  out[1] = -Y1 * y
  out[2] = Y1 * z
  out[3] = -Y1 * x
  if (degree < 2) return
  const [xx, yy, zz] = [x * x, y * y, z * z]
  out[4] = Y2[0] * x * y
  out[5] = -Y2[0] * y * z
  out[6] = Y2[1] * (2 * zz - xx - yy)
  out[7] = -Y2[0] * x * z
  out[8] = Y2[2] * (xx - yy)
  if (degree < 3) return
  out[9] = -Y3[0] * y * (3 * xx - yy)
  out[10] = Y3[1] * x * y * z
  out[11] = -Y3[2] * y * (4 * zz - xx - yy)
  out[12] = Y3[3] * z * (2 * zz - 3 * xx - 3 * yy)
  out[13] = -Y3[2] * x * (4 * zz - xx - yy)
  out[14] = Y3[4] * z * (xx - yy)
  out[15] = -Y3[0] * x * (xx - 3 * yy)
}

/** Their slopes in x, y, z (three a harmonic) as the polynomials they are: a slope along the direction itself means nothing. */
export function harmonicSlopesInto(out: Float64Array, degree: number, x: number, y: number, z: number): void {
  const set = (k: number, dx: number, dy: number, dz: number) => {
    out[3 * k] = dx
    out[3 * k + 1] = dy
    out[3 * k + 2] = dz
  }
  set(0, 0, 0, 0)
  if (degree < 1) return
  set(1, 0, -Y1, 0)
  set(2, 0, 0, Y1)
  set(3, -Y1, 0, 0)
  if (degree < 2) return
  set(4, Y2[0] * y, Y2[0] * x, 0)
  set(5, 0, -Y2[0] * z, -Y2[0] * y)
  set(6, -2 * Y2[1] * x, -2 * Y2[1] * y, 4 * Y2[1] * z)
  set(7, -Y2[0] * z, 0, -Y2[0] * x)
  set(8, 2 * Y2[2] * x, -2 * Y2[2] * y, 0)
  if (degree < 3) return
  const [xx, yy, zz] = [x * x, y * y, z * z]
  set(9, -6 * Y3[0] * x * y, -Y3[0] * (3 * xx - 3 * yy), 0)
  set(10, Y3[1] * y * z, Y3[1] * x * z, Y3[1] * x * y)
  set(11, 2 * Y3[2] * x * y, -Y3[2] * (4 * zz - xx - 3 * yy), -8 * Y3[2] * y * z)
  set(12, -6 * Y3[3] * x * z, -6 * Y3[3] * y * z, Y3[3] * (6 * zz - 3 * xx - 3 * yy))
  set(13, -Y3[2] * (4 * zz - 3 * xx - yy), 2 * Y3[2] * x * y, -8 * Y3[2] * x * z)
  set(14, 2 * Y3[4] * x * z, -2 * Y3[4] * y * z, Y3[4] * (xx - yy))
  set(15, -Y3[0] * (3 * xx - 3 * yy), 6 * Y3[0] * x * y, 0)
}
