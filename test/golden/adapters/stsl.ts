import type { Measurement } from '../../../main/algorithms/measurement.ts'
import { secondOrder, stsl } from '../../../main/algorithms/restoration/methods/stsl.ts'
import { dataSlope, lengthOf, look, surrogate, traceSlope } from '../../../main/algorithms/restoration/methods/stsl-surrogate.ts'
import { applyMatrix, fromRows, matrix, transpose } from '../../../main/math/matrix.ts'
import { nodeOfLevel, tableOfPath } from '../../../main/math/timesteps.ts'
import { pullMixture } from '../../kit/mixture.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, listedDraw, pathOf, signal, undrawn } from './diffusion-world.ts'
import { editingWorld } from './editing-world.ts'
import { told } from './restoration-world.ts'

/** Some rows of a linear decoder, measured. */
function measurementOf(file: Inputs, exact: boolean): Measurement {
  const decoder = fromRows(file.decoder_W)
  const seen = fromRows(file.A_rows.map((row: number) => file.decoder_W[row]))
  const table = tableOfPath(pathOf(file.settings.schedule))
  // The encoder takes the measurement laid back into its rows.
  const laid = new Float64Array(decoder.rows)
  for (const [i, row] of file.A_rows.entries()) laid[row] = file.y[i]
  return {
    operator: {
      inShape: [decoder.columns],
      outShape: [seen.rows],
      apply: (x) => applyMatrix(seen, x),
      adjoint: (y) => applyMatrix(transpose(seen), y),
    },
    y: flat(file.y),
    deviation: 0,
    denoise: editingWorld(file.settings, file.mixture).denoise(''),
    ...(exact && { pull: async (x, at, v) => pullMixture(file.mixture, x, nodeOfLevel(table, at.label ?? 0), v) }),
    legs: editingWorld(file.settings, file.mixture).legs(file.run),
    draw: undrawn,
    start: applyMatrix(fromRows(file.encoder_E), laid),
  }
}

async function check(file: Inputs, one: Inputs, exact: boolean): Promise<Inputs> {
  const measured = measurementOf(file, exact)
  const { eta, lambda_for_checks: lambda } = file.settings
  const z = flat(one.z)
  const u = flat(one.probe)
  const at = nodeOfLevel(tableOfPath(pathOf(file.settings.schedule)), one.t)
  const seen = await look(measured, z, at, signal)
  const h = 1e-3 * Math.sqrt(z.length)
  const unit = (i: number) => matrix(1, z.length).data.map((_, k) => (k === i ? 1 : 0))
  let trace = 0
  for (const i of z.keys()) trace -= pullMixture(file.mixture, z, at, unit(i))[i] / at.sigma
  return {
    z0_hat: seen.z0,
    residual: seen.residual,
    loss: await surrogate(measured, seen, u, lambda, eta, signal),
    grad_data: await dataSlope(measured, seen, lambda, h, signal),
    grad_trace: await traceSlope(measured, seen, u, eta, h, signal),
    hessian_trace: trace,
  }
}

async function run(file: Inputs): Promise<Inputs> {
  const { K: rounds, lambda_scale: zeta, probes } = file.run
  const settings = stsl.params.parse({ rounds, zeta, eta: file.settings.eta, traceAbove: -1, reach: 1e-3, halve: false })
  const measured: Measurement = { ...measurementOf(file, true), draw: listedDraw(probes.flat()) }
  const { states, end } = await told(secondOrder(measured, settings, signal))
  const losses: number[] = []
  for (const { seen, u, lambda } of states.flatMap((state) => state.corrections))
    losses.push(await surrogate(measured, seen, u, lambda, file.settings.eta, signal))
  const missed = measured.operator.apply(end).map((value, i) => measured.y[i] - value)
  return { z_start_top_level: states[measured.legs.length - 1].z, z_final: end, losses, final_residual_norm: lengthOf(missed) }
}

/** STSL's surrogate loss, its slopes told and by differences, and a short run, with a mixture for a network. */
export const stslAdapter: FileAdapter = {
  name: 'stsl',
  recognises: (file) => Boolean(file.decoder_W && file.checks),
  async check(file) {
    const notes: string[] = []
    for (const [i, one] of file.checks.entries()) {
      notes.push(...differences(await check(file, one, true), one.expected, () => file.tolerance.abs, `check ${i}`))
      const { grad_data, grad_trace } = await check(file, one, false)
      for (const [key, found] of Object.entries({ grad_data, grad_trace })) {
        const greatest = Math.max(...one.expected[key].map(Math.abs))
        notes.push(...differences(found, one.expected[key], () => Math.max(1e-5 * greatest, 1e-7), `check ${i}, ${key} by differences`))
      }
    }
    notes.push(...differences(await run(file), file.run.expected, () => file.tolerance.abs, 'run'))
    return notes
  },
}
