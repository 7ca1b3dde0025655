import { mix } from './mix.ts'

/** What moves a state at a time. */
export type Field = (x: Float64Array, t: number) => Float64Array

/** One step of dx/dt = f(x, t); dt may be negative. */
export type OdeStep = (f: Field, x: Float64Array, t: number, dt: number) => Float64Array

export const odeSteps = {
  /** First order, one evaluation. */
  euler: (f, x, t, dt) => mix([1, x], [dt, f(x, t)]),
  /** Second order, two. */
  heun: (f, x, t, dt) => {
    const first = f(x, t)
    const second = f(mix([1, x], [dt, first]), t + dt)
    return mix([1, x], [dt / 2, first], [dt / 2, second])
  },
  /** Fourth order, four: Runge and Kutta. */
  rk4: (f, x, t, dt) => {
    const k1 = f(x, t)
    const k2 = f(mix([1, x], [dt / 2, k1]), t + dt / 2)
    const k3 = f(mix([1, x], [dt / 2, k2]), t + dt / 2)
    const k4 = f(mix([1, x], [dt, k3]), t + dt)
    return mix([1, x], [dt / 6, k1], [dt / 3, k2], [dt / 3, k3], [dt / 6, k4])
  },
} as const satisfies Record<string, OdeStep>

/** One step of dx = f dt + sqrt(2 e) dW with the given standard normal numbers; with dt negative the noise is added all the same. */
export type SdeStep = (f: Field, x: Float64Array, t: number, dt: number, e: number, normal: Float64Array) => Float64Array

export const sdeSteps = {
  /** Euler and Maruyama: everything at the old time. */
  em: (f, x, t, dt, e, normal) => mix([1, x], [dt, f(x, t)], [Math.sqrt(2 * e * Math.abs(dt)), normal]),
  /** Noise first, then Heun's mean of two drifts, both at the new time. */
  heun: (f, x, t, dt, e, normal) => {
    const shaken = mix([1, x], [Math.sqrt(2 * e * Math.abs(dt)), normal])
    const first = f(shaken, t + dt)
    const second = f(mix([1, shaken], [dt, first]), t + dt)
    return mix([1, shaken], [dt / 2, first], [dt / 2, second])
  },
} as const satisfies Record<string, SdeStep>
