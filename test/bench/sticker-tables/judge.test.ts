import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { onWhite, readExhibit } from './exhibits.ts'
import { FOLDER, openJudge } from './judge.ts'
import { asJudged } from './model.ts'

describe.skipIf(!existsSync(join(FOLDER, 'judge.onnx')))('the judge (needs run.py export sticker-judge)', () => {
  test('sees in a held-out picture what it saw when it was exported', async () => {
    const judge = await openJudge()
    const { captions, drawn } = judge.asked['held out']
    const both = judge.exhibits.filter((caption) => captions.includes(caption))
    expect(both.length).toBeGreaterThan(40)
    for (const caption of both) {
      const { features } = await judge.look(asJudged(onWhite(await readExhibit(caption))))
      const known = drawn.filter((_, row) => captions[row] === caption)
      const furthest = known.map((row) => Math.max(...row.map((value, i) => Math.abs(value - features[i]))))
      // Sums of 32 bits in another order; features have a spread of 1.
      expect(Math.min(...furthest), caption).toBeLessThan(2e-3)
    }
  })

  test('can choose every caption that is asked for', async () => {
    const { asked, candidates } = await openJudge()
    for (const { captions, drawn } of Object.values(asked)) {
      expect(drawn).toHaveLength(captions.length)
      expect(captions.filter((caption) => !candidates.places.has(caption))).toEqual([])
    }
  })
})
