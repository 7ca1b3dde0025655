/** Bodies in the plane that attract each other, G = 1: positions and velocities as x, y of each in turn. */
export interface Bodies {
  readonly x: Float64Array
  readonly v: Float64Array
  readonly masses: readonly number[]
}

export interface Pull {
  readonly acceleration: Float64Array
  /** Its slope in time. */
  readonly jerk: Float64Array
}

/** Calls `visit` for every pair with what lies between them: place, speed, and the distance. */
function eachPair(
  { x, v, masses }: Bodies,
  visit: (i: number, j: number, rx: number, ry: number, wx: number, wy: number, r: number) => void,
) {
  for (let i = 0; i < masses.length; i++)
    for (let j = i + 1; j < masses.length; j++) {
      const [rx, ry] = [x[2 * j] - x[2 * i], x[2 * j + 1] - x[2 * i + 1]]
      visit(i, j, rx, ry, v[2 * j] - v[2 * i], v[2 * j + 1] - v[2 * i + 1], Math.hypot(rx, ry))
    }
}

/** Accelerations and their slopes in time, [body, 2], with the gravitational constant 1. Not finite where two bodies coincide. */
export function pullOf(bodies: Bodies): Pull {
  const { masses, x } = bodies
  const acceleration = new Float64Array(x.length)
  const jerk = new Float64Array(x.length)
  eachPair(bodies, (i, j, rx, ry, wx, wy, r) => {
    const cube = r ** 3
    const turn = (3 * (rx * wx + ry * wy)) / (cube * r * r)
    const [ax, ay] = [rx / cube, ry / cube]
    const [jx, jy] = [wx / cube - turn * rx, wy / cube - turn * ry]
    for (const [body, factor] of [
      [i, masses[j]],
      [j, -masses[i]],
    ]) {
      acceleration[2 * body] += factor * ax
      acceleration[2 * body + 1] += factor * ay
      jerk[2 * body] += factor * jx
      jerk[2 * body + 1] += factor * jy
    }
  })
  return { acceleration, jerk }
}

/** Kinetic and potential, with the gravitational constant 1. */
export function energyOf(bodies: Bodies): number {
  const { v, masses } = bodies
  let energy = masses.reduce((sum, mass, i) => sum + (mass * (v[2 * i] ** 2 + v[2 * i + 1] ** 2)) / 2, 0)
  eachPair(bodies, (i, j, _rx, _ry, _wx, _wy, r) => {
    energy -= (masses[i] * masses[j]) / r
  })
  return energy
}

/** How soon any two could meet: by their speed, or by falling. */
export function collisionTime(bodies: Bodies): number {
  let soonest = Number.POSITIVE_INFINITY
  eachPair(bodies, (i, j, _rx, _ry, wx, wy, r) => {
    soonest = Math.min(soonest, r / Math.hypot(wx, wy), Math.sqrt(r ** 3 / (bodies.masses[i] + bodies.masses[j])))
  })
  return soonest
}

/** One step of Hermite's method of fourth order, h of time: foretell, look there, correct. `pull` is that of the bodies as they stand. */
export function hermiteStep({ x, v, masses }: Bodies, { acceleration: a, jerk: j }: Pull, h: number): Bodies {
  const foretold = {
    x: x.map((value, i) => value + v[i] * h + (a[i] * h * h) / 2 + (j[i] * h ** 3) / 6),
    v: v.map((value, i) => value + a[i] * h + (j[i] * h * h) / 2),
    masses,
  }
  const there = pullOf(foretold)
  const speed = v.map((value, i) => value + ((a[i] + there.acceleration[i]) * h) / 2 + ((j[i] - there.jerk[i]) * h * h) / 12)
  return {
    x: x.map((value, i) => value + ((v[i] + speed[i]) * h) / 2 + ((a[i] - there.acceleration[i]) * h * h) / 12),
    v: speed,
    masses,
  }
}

/** So much time on, in steps of `share` of the time in which two could meet; the last is cut. `steps` is `most` where it was given up. */
export function follow(bodies: Bodies, time: number, share: number, most: number): { readonly bodies: Bodies; readonly steps: number } {
  let [now, pull, left, steps] = [bodies, pullOf(bodies), time, 0]
  while (left > 1e-14 * time && steps < most) {
    const h = Math.min(left, share * collisionTime(now))
    now = hermiteStep(now, pull, h)
    pull = pullOf(now)
    left -= h
    steps++
  }
  return { bodies: now, steps }
}

/** The same bodies seen from their common centre. */
export function centred({ x, v, masses }: Bodies): Bodies {
  const whole = masses.reduce((sum, mass) => sum + mass, 0)
  const free = (values: Float64Array) => {
    const mean = [0, 1].map((axis) => masses.reduce((sum, mass, i) => sum + mass * values[2 * i + axis], 0) / whole)
    return values.map((value, i) => value - mean[i % 2])
  }
  return { x: free(x), v: free(v), masses }
}
