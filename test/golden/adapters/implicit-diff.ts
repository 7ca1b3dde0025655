import type { CurvedBlock } from '../../../main/algorithms/bilevel.ts'
import { hypergradient, implicitDifferentiation } from '../../../main/algorithms/learning/implicit-differentiation.ts'
import { fixedPoint, pushThrough, type Root } from '../../../main/math/implicit-derivative.ts'
import { applyMatrix, combine, fromRows, identity, type Matrix, multiply, symmetricEigen, transpose } from '../../../main/math/matrix.ts'
import { mix } from '../../../main/math/mix.ts'
import { newtonCg } from '../../../main/math/newton-cg.ts'
import { norm } from '../../../main/math/norms.ts'
import { solvePositive } from '../../../main/math/positive-system.ts'
import { projectSimplex, simplexSlope } from '../../../main/math/simplex.ts'
import { smoothedBlock } from '../../kit/smoothed-line.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, signal } from './diffusion-world.ts'

const precise = { iterations: 1000, tolerance: 1e-14 }
const vector = (size: number, k: number) => Float64Array.from({ length: size }, (_, i) => (i === k ? 1 : 0))

/** dy/dx, row by row of y. */
function jacobian(root: Root, settings: number): number[][] {
  const columns = Array.from({ length: settings }, (_, k) => pushThrough(root, vector(settings, k), precise).value)
  return Array.from({ length: root.size }, (_, i) => columns.map((column) => column[i]))
}

function ridgeOf({ X, y, theta, theta_vec }: Inputs): Inputs {
  const rows = fromRows(X)
  const gram = multiply(transpose(rows), rows)
  const right = applyMatrix(transpose(rows), flat(y))
  const at = (penalties: Float64Array) => {
    const curved = { ...gram, data: gram.data.map((value, i) => value + (i % (gram.rows + 1) === 0 ? penalties[i / (gram.rows + 1)] : 0)) }
    const w = solvePositive(curved, right)
    const push = (v: Float64Array) => applyMatrix(curved, v)
    const cross = (v: Float64Array) => v.map((value, i) => value * w[i])
    return { w, root: { size: w.length, isGradient: true, pushY: push, pullY: push, pushX: cross, pullX: cross } }
  }
  const scalar = at(new Float64Array(gram.rows).fill(theta))
  const each = at(flat(theta_vec))
  return {
    w: scalar.w,
    J: jacobian(scalar.root, gram.rows).map((row) => row.reduce((a, b) => a + b)),
    w_vec: each.w,
    J_vec: jacobian(each.root, gram.rows),
  }
}

/** The conditions of a quadratic with equalities: for x, then for its multipliers. */
function programOf({ Q, c, E, d }: Inputs): Inputs {
  const [curved, equal] = [fromRows(Q), fromRows(E)]
  const [n, p] = [curved.rows, equal.rows]
  const both = (v: Float64Array, a: Matrix, b: Matrix) => mix([1, applyMatrix(a, v.subarray(0, n))], [1, applyMatrix(b, v.subarray(n))])
  const push = (v: Float64Array) => Float64Array.from([...both(v, curved, transpose(equal)), ...applyMatrix(equal, v.subarray(0, n))])
  const root: Root = {
    size: n + p,
    ...{ pushY: push, pullY: push },
    pushX: (w) => w.map((value, i) => (i < n ? value : -value)),
    pullX: (v) => v.map((value, i) => (i < n ? value : -value)),
  }
  const whole = jacobian(root, n + p)
  // Linear: the answer is its own slope.
  const answer = pushThrough(root, Float64Array.from([...flat(c), ...flat(d)]), precise).value
  return {
    x: answer.subarray(0, n),
    nu: answer.subarray(n),
    dx_dc: whole.slice(0, n).map((row) => row.slice(0, n)),
    dx_dd: whole.slice(0, n).map((row) => row.slice(n)),
  }
}

function simplexOf({ M, y }: Inputs): Inputs {
  const rows = fromRows(M)
  const gram = multiply(transpose(rows), rows)
  const step = 1 / Math.max(...symmetricEigen(gram).values)
  const right = applyMatrix(transpose(rows), flat(y))
  const once = (x: Float64Array) => projectSimplex(mix([1, x], [-step, applyMatrix(gram, x)], [step, right]))
  let x: Float64Array = new Float64Array(gram.rows).fill(1 / gram.rows)
  for (let i = 0, change = 1; i < 1_000_000 && change > 0; i++) {
    const next = once(x)
    change = norm(mix([1, next], [-1, x]))
    x = next
  }
  const inside = combine([1, identity(gram.rows)], [-step, gram])
  const root = fixedPoint({
    size: gram.rows,
    pushY: (v) => simplexSlope(x, applyMatrix(inside, v)),
    pullY: (v) => applyMatrix(inside, simplexSlope(x, v)),
    pushX: (w) => simplexSlope(x, applyMatrix(transpose(rows), w)).map((value) => step * value),
    pullX: (v) => applyMatrix(rows, simplexSlope(x, v)).map((value) => step * value),
  })
  return {
    x,
    support: [...x.keys()].filter((i) => x[i] > 0),
    dx_dy: jacobian(root, rows.rows),
  }
}

async function lineOf({ b, clean, eps, theta }: Inputs, asked: Inputs): Promise<Inputs> {
  const block: CurvedBlock = smoothedBlock(flat(b), flat(clean), eps)
  const at = flat(theta)
  const search = newtonCg(
    { value: (u) => block.lower(at, u), slope: (u) => block.lowerInY(at, u), curvature: (u, v) => block.curvature(at, u, v) },
    flat(b),
    { iterations: 200, tolerance: 1e-13 },
  )
  let next = search.next()
  for (; !next.done; next = search.next());
  const u = next.value.y
  const { gradient } = hypergradient(block, at, u, precise)
  // Lengths and counts stand in the names of what they lead to.
  const named = (beginning: string) => Object.keys(asked).find((key) => key.startsWith(beginning)) ?? ''
  const [inexactKey, endKey] = [named('inexact_gd_step_'), named('theta_after_')]
  const stride = Number(inexactKey.replace('inexact_gd_step_', '').replace('_', '.'))
  const last = Number(endKey.replace('theta_after_', ''))
  const inexact = asked[inexactKey].map(({ iters }: Inputs) => {
    let near = flat(b)
    for (let i = 0; i < iters; i++) near = mix([1, near], [-stride, block.lowerInY(at, near)])
    const slope = hypergradient(block, at, near, precise).gradient
    return { iters, solution_error: norm(mix([1, near], [-1, u])), gradient_error: norm(mix([1, slope], [-1, gradient])) }
  })
  // A step says what it found before it moved: one more tells of where the last led.
  const solver = implicitDifferentiation.make(
    implicitDifferentiation.params.parse({
      steps: last + 1,
      stride: 'plain',
      rate: 1,
      tolerance: 1e-10,
      relative: 0,
      precision: 1e-14,
      still: 0,
    }),
    {},
  )
  const places: { readonly x: Float64Array; readonly loss: number }[] = []
  const problem = { size: at.length, blocks: [block], project: (x: Float64Array) => x }
  for await (const place of solver.solve(problem, at, signal)) places.push(place)
  return {
    ...{ u, f: block.upper(at, u), hypergrad: gradient, [inexactKey]: inexact },
    [endKey]: places[last].x,
    f_trace: [0, 10, last].map((step) => places[step].loss),
  }
}

/** Slopes of answers: of ridge regression, a program with equalities, least squares on the simplex, and a smoothed line. */
export const implicitDiffAdapter: FileAdapter = {
  name: 'implicit-diff',
  recognises: ({ expected }) => Boolean(expected?.tv?.hypergrad),
  async check({ settings, expected, tolerance }) {
    const actual = {
      ridge: ridgeOf(settings.ridge),
      qp: programOf(settings.qp),
      simplex: simplexOf(settings.simplex),
      tv: await lineOf(settings.tv, expected.tv),
    }
    return differences(actual, expected, (path) => (path.includes('inexact') ? tolerance.inexact : tolerance.default))
  },
}
