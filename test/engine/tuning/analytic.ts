import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { noiseOfCase, type Subject } from '../../../main/engine/tuning/subject.ts'
import type { Denoise } from '../../../main/math/prediction.ts'
import { discrete, toy } from '../../kit/generate.ts'
import { type Mixture, mixtureDenoiser } from '../../kit/mixture.ts'

/** A model whose every answer is known in closed form: points of the plane, as latents of two channels. */
export function analyticSubject(
  mixture: Mixture = toy,
  blocks: readonly string[] = [],
): { readonly subject: Subject; readonly calls: () => number } {
  const { denoise, calls } = mixtureDenoiser(mixture)
  const subject: Subject = {
    path: discrete,
    encode: null,
    habit: { spacing: 'leading', offset: 1, landing: 'first' },
    shape: [2, 8, 1],
    blocks,
    countsInWholes: false,
    callsPerAnswer: 1,
    caseOf: (k) => ({
      x: noiseOfCase(1, k, 16),
      denoise,
      skipping:
        blocks.length === 0
          ? null
          : (skipAt): Denoise =>
              async (x, at, signal) => {
                const { x0, eps } = await denoise(x, at, signal)
                // Without a block of an odd number the answer is worse, in a way that helps nowhere; those of even numbers are for nothing.
                const harm = 0.5 * skipAt(at).filter((block) => block % 2 === 1).length
                return { x0, eps: eps.map((value, i) => value + harm * Math.sin(1000 * at.t + 7 * i)) }
              },
    }),
  }
  return { subject, calls }
}

/** A folder that goes when the test is over. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'palimpsest-tuning-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
