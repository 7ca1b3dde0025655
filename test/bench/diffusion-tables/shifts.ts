import { uniform } from '../../../main/algorithms/diffusion/schedules/uniform.ts'
import { ddim } from '../../../main/algorithms/diffusion/solvers/ddim.ts'
import { timeShift } from '../../../main/algorithms/diffusion/solvers/time-shift.ts'
import type { Solver } from '../../../main/algorithms/roles.ts'
import { discrete, generate, normals } from '../../kit/generate.ts'
import type { Table } from './table.ts'
import { pictures } from './worlds.ts'

const BUDGETS = [4, 6, 10]
const STARTS = 40
const plain = ddim.make({ eta: 0 }, {})
const even = uniform.make(uniform.params.parse({ landing: 'clean' }), {})

/** What few steps take of the spread about the nearest picture, and what Time-Shift gives back. */
export async function shifts(): Promise<Table> {
  const truth = pictures.stds[0] ?? 0
  const alike = { ...pictures, stds: pictures.stds.map(() => truth) }
  const spread = (x: Float64Array) =>
    Math.min(...alike.means.map((mean) => Math.sqrt(x.reduce((sum, value, i) => sum + (value - (mean[i] ?? 0)) ** 2, 0) / x.length)))
  const shifted = (mode: 'target' | 'both' | 'network') => (steps: number) =>
    timeShift.make(timeShift.params.parse({ window: Math.round(400 / steps), mode }), {})
  const rows: [string, ...number[]][] = []
  for (const [name, solverOf] of [
    ['DDIM', () => plain],
    ['Time-Shift, target', shifted('target')],
    ['Time-Shift, network', shifted('network')],
    ['Time-Shift, both', shifted('both')],
  ] as const) {
    const values: number[] = []
    for (const steps of BUDGETS) {
      let sum = 0
      for (let seed = 1; seed <= STARTS; seed++) {
        const run = {
          solver: solverOf(steps) as Solver,
          legs: even.legs(discrete, steps),
          x: normals(192, seed),
          path: discrete,
          mixture: alike,
        }
        sum += spread((await generate(run)).x) / STARTS
      }
      values.push(Math.abs(sum - truth))
    }
    rows.push([name, ...values])
  }
  return {
    title: 'Time-Shift against plain DDIM',
    head: ['steps', ...BUDGETS.map(String)],
    rows,
    least: true,
    note: `How far the spread about the nearest of three pictures is from the true ${truth}, mean of ${STARTS} starts in 192 dimensions, the network being exact.`,
  }
}
