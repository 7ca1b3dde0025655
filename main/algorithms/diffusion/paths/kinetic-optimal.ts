import { z } from 'zod'
import { separationCurve } from '../../../math/data-separation.ts'
import { kineticPath } from '../../../math/kinetic-path.ts'
import { define } from '../../define.ts'

/** What was measured of a model or a folder of pictures: at each signal-to-noise the error of the best guess. */
export const separationSchema = z
  .array(z.object({ s: z.number().gt(0), unknown: z.number().min(0) }))
  .default([])
  .meta({ title: 'Measurement', description: 'Mean squared error an entry at each signal-to-noise, of data scaled to mean square 1.' })

/**
 * The Gaussian path of least kinetic energy for the data at hand, which it depends on through one curve only. Where nothing was
 * measured the data counts as isolated points, and the path is the straight one.
 */
export const kineticOptimal = define({
  id: 'kinetic-optimal',
  role: 'path',
  title: 'Kinetic optimal',
  summary: 'The path that moves this kind of picture with the least effort; measured once.',
  paper: { title: 'On Kinetic Optimal Probability Paths for Generative Models', year: 2023, link: 'https://arxiv.org/abs/2306.06626' },
  params: z.object({ separation: separationSchema }),
  needs: {},
  make: ({ separation }) => kineticPath(separationCurve(separation)).path,
})
