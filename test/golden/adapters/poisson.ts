import { multigridConjugateGradient } from '../../../main/algorithms/linear/multigrid.ts'
import { outcome } from '../../../main/math/integrate.ts'
import { type Guidance, guidedSide, imported, mixed, type PoissonGrid, poissonGrid } from '../../../main/math/poisson-grid.ts'
import type { FileAdapter, Inputs } from '../adapter.ts'
import { differences } from '../compare.ts'
import { flat, signal } from './diffusion-world.ts'

const solver = multigridConjugateGradient.make(multigridConjugateGradient.params.parse({ tolerance: 1e-13 }), {})
const solved = async (grid: PoissonGrid, b: Float64Array) => (await outcome(solver.solve({ grid, b }, signal))).value

/** The target with the pixels of a mask pasted seamlessly. */
async function pasted({ src, dst }: Inputs, mask: Inputs, guidanceOf: (source: Float64Array, target: Float64Array) => Guidance) {
  const [source, target, unknown] = [flat(src), flat(dst), Uint8Array.from(flat(mask))]
  const grid = poissonGrid(dst[0].length, dst.length, unknown, 'natural')
  const value = await solved(grid, guidedSide(grid, target, guidanceOf(source, target)))
  return target.map((known, i) => (unknown[i] ? value[i] : known))
}

/** Poisson's equation on rectangles, and seamless cloning. */
export const poissonAdapter: FileAdapter = {
  name: 'poisson-baseline',
  recognises: ({ rectangles, cloning }) => Boolean(rectangles && cloning),
  async check({ rectangles, cloning, tolerance }) {
    const notes: string[] = []
    const limit = () => tolerance.float64
    for (const { w, h, f, expected_u } of rectangles) {
      const u = await solved(poissonGrid(w, h, new Uint8Array(w * h).fill(1), 'zero'), flat(f))
      notes.push(...differences(u, expected_u, limit, `${w} × ${h}`))
    }
    const { mask, mask_touching_border } = cloning
    notes.push(...differences(await pasted(cloning, mask, imported), cloning.expected_import, limit, 'import'))
    notes.push(...differences(await pasted(cloning, mask, mixed), cloning.expected_mixed, limit, 'mixed'))
    notes.push(...differences(await pasted(cloning, mask_touching_border, imported), cloning.expected_import_border, limit, 'border'))
    return notes
  },
}
