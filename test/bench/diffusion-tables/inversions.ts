import type { Inversion } from '../../../main/algorithms/editing.ts'
import { inversions as methods } from '../../../main/algorithms/index.ts'
import { legsOf } from '../../../main/math/gaussian-path.ts'
import { outcome } from '../../../main/math/integrate.ts'
import type { Denoise } from '../../../main/math/prediction.ts'
import { apart, evenLambda, exactEnd, signal } from '../../kit/generate.ts'
import { mixtureDenoiser, restrict } from '../../kit/mixture.ts'
import type { Table } from './table.ts'
import { path, pictures, space } from './worlds.ts'

const BUDGETS = [20, 40, 80, 160]

const settings: readonly (readonly [name: string, id: string, params?: object])[] = [
  ['DDIM', 'ddim-inversion'],
  ['BDIA, gamma 0.94', 'bdia-inversion'],
  ['BDIA, gamma 1', 'bdia-inversion', { gamma: 1 }],
  ['EDICT, mix 0.93', 'edict'],
]

const made = (id: string, params: object): Inversion => {
  const method = methods.find((one) => one.id === id)
  if (!method) throw new RangeError(`There is no inversion ${id}.`)
  return method.make(method.params.parse(params) as never, {}) as unknown as Inversion
}

/** Most steps whose way there and back takes at most so many calls. */
function stepsFor(inversion: Inversion, budget: number): number {
  const total = (steps: number) => {
    const { there, back } = inversion.calls(steps)
    return there + back
  }
  let steps = 2
  while (total(steps + 1) <= budget) steps++
  return steps
}

const [own, other] = [restrict(pictures, [0]), restrict(pictures, [1])]
const source = mixtureDenoiser(own).denoise
const target = mixtureDenoiser(other).denoise
/** Pictures of the first mode, and what the exact flow makes of them on its way to the noise and back to the second. */
const cases = await Promise.all(
  space.unseen.slice(0, 12).map(async ({ x: noise }) => {
    const picture = await exactEnd({ x: noise, path, mixture: own })
    return { picture, edited: await exactEnd({ x: noise, path, mixture: other }) }
  }),
)

async function roundTrip(inversion: Inversion, steps: number, back: Denoise, goal: 'picture' | 'edited'): Promise<number> {
  const legs = legsOf(
    [...evenLambda(path, steps).map(({ from }) => from), evenLambda(path, steps).at(-1)?.to].filter((node) => node !== undefined),
  )
  let sum = 0
  for (const one of cases) {
    const inverted = await outcome(inversion.there(one.picture, legs, source, signal))
    const [result] = await outcome(inversion.back(inverted, back, signal))
    sum += result ? apart(result, one[goal]) / cases.length : Number.NaN
  }
  return sum
}

/** How far a picture comes back from itself, and an edit from the exact one, at equal calls for the way there and back. */
export async function inversions(): Promise<readonly Table[]> {
  const rowsOf = async (back: Denoise, goal: 'picture' | 'edited') => {
    const rows: [string, ...number[]][] = []
    for (const [name, id, params = {}] of settings) {
      const inversion = made(id, params)
      const values: number[] = []
      for (const budget of BUDGETS) values.push(await roundTrip(inversion, stepsFor(inversion, budget), back, goal))
      rows.push([name, ...values])
    }
    return rows
  }
  const head = ['network calls, there and back', ...BUDGETS.map(String)]
  const common = `Mean of ${cases.length} pictures of 192 values and deviation ${own.stds[0]}, the network being exact. EDICT takes two calls a step each way, the others one.`
  return [
    {
      title: 'Reconstruction after inversion',
      head,
      rows: await rowsOf(source, 'picture'),
      least: false,
      note: `Root mean square distance from the picture with unchanged words. ${common} What BDIA and EDICT leave is rounding.`,
    },
    {
      title: 'Edit against the exact edit',
      head,
      rows: await rowsOf(target, 'edited'),
      least: true,
      note: `Root mean square distance, with other words on the way back, from where the exact flow leads there and back. ${common}`,
    },
  ]
}
