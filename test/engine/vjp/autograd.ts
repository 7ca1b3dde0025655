import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { z } from 'zod'
import { cotangentOf, gradientOf, vjpModel } from '../../../main/engine/vjp/vjp.ts'
import { session } from './differences.ts'

const Shape = z.array(z.int().positive())
const Kept = z.object({ shape: Shape, largest: z.number().positive(), indices: z.array(z.int()), values: z.array(z.number()) })

/** Outputs and gradients that the framework a network was trained in computed, of inputs and cotangents made by formulas. */
const Recorded = z.object({
  tolerance: z.number().positive(),
  graphs: z.array(
    z.object({
      file: z.string(),
      sha256: z.string(),
      inputs: z.record(z.string(), z.object({ type: z.enum(['float32', 'int64']), shape: Shape, values: z.array(z.number()).optional() })),
      outputs: z.record(z.string(), Kept),
      gradients: z.record(z.string(), Kept),
    }),
  ),
})

/** How an output of a graph, or its gradient by an input, compares with what was recorded. */
export interface Agreement {
  readonly graph: string
  /** `out_sample`, or `sample/gradient`. */
  readonly tensor: string
  /** Is the file the very one whose gradients were recorded? */
  readonly isSameFile: boolean
  /** Largest difference, as a share of the largest magnitude. */
  readonly difference: number
  readonly tolerance: number
}

const made = (shape: readonly number[], formula: (i: number) => number): Tensor =>
  new Tensor(
    'float32',
    Float32Array.from({ length: shape.reduce((size, side) => size * side, 1) }, (_, i) => formula(i)),
    shape,
  )
const picture = (shape: readonly number[]): Tensor => made(shape, (i) => 0.5 + 0.4 * Math.sin(0.1 * i) + 0.1 * Math.sin(1.7 * i + 1))

/** Compares every graph of a `*gradients.json`, whose files lie beside it. */
export async function agreements(path: string): Promise<readonly Agreement[]> {
  const { graphs, tolerance } = Recorded.parse(JSON.parse(readFileSync(path, 'utf8')))
  const found: Agreement[] = []
  for (const { file, sha256, inputs, outputs, gradients } of graphs) {
    const bytes = readFileSync(join(dirname(path), file))
    const given = Object.entries(inputs).map(([name, { type, shape, values }]) => {
      if (!values) return [name, picture(shape)]
      const data = type === 'int64' ? BigInt64Array.from(values, BigInt) : Float32Array.from(values)
      return [name, new Tensor(type, data, shape)]
    })
    const wrt = Object.keys(gradients)
    const pulling = Object.entries(outputs).map(([name, { shape }], j) => [
      cotangentOf(name),
      made(shape, (i) => Math.sin(0.3 * i + 1 + j)),
    ])
    // Without an input that could move, the network itself.
    const network = await session(wrt.length ? vjpModel(bytes, { wrt }) : bytes)
    const results = await network.run(Object.fromEntries(wrt.length ? [...given, ...pulling] : given))
    await network.release()
    const isSameFile = createHash('sha256').update(bytes).digest('hex') === sha256
    const kept = [...Object.entries(outputs), ...Object.entries(gradients).map(([name, one]) => [gradientOf(name), one] as const)]
    for (const [name, { largest, indices, values }] of kept) {
      const data = results[name]?.data as Float32Array
      const difference = Math.max(...indices.map((at, k) => Math.abs((data[at] ?? Number.NaN) - (values[k] ?? Number.NaN)))) / largest
      found.push({ graph: file, tensor: name, isSameFile, difference, tolerance })
    }
  }
  return found
}
