import { z } from 'zod'
import type { Picture } from '../../../math/picture.ts'
import { quantileOf, sortedOf, weightedQuantile } from '../../../math/quantile.ts'
import { solveLower } from '../../../math/triangle.ts'
import { define } from '../../define.ts'
import type { DamageDatabase, DamageGuess, KnownDamage } from '../../measurement.ts'
import { DESCRIPTOR_LENGTH, descriptorOf } from './degradation-descriptor.ts'

/** Quality of an entry that was never a JPEG. */
export const NO_JPEG = 101
/** Noise that rounding to 8 bits leaves by itself, in 255ths. */
const ROUNDING = 0.3
const TILE = 192

export interface Neighbours {
  /** Places in the database, the nearest first; of equals the earlier. */
  readonly places: readonly number[]
  /** Squared distances in standard deviations. */
  readonly distances: readonly number[]
}

/** The for-loop: the k entries nearest to a descriptor in standard deviations. */
export function nearest(z: readonly Float64Array[], descriptor: Float64Array, k: number): Neighbours {
  if (z.length === 0) throw new RangeError('The database is empty.')
  const distances = z.map((entry) => entry.reduce((sum, value, i) => sum + (value - descriptor[i]) ** 2, 0))
  const places = distances
    .map((_, i) => i)
    .sort((a, b) => distances[a] - distances[b] || a - b)
    .slice(0, k)
  return { places, distances: places.map((i) => distances[i]) }
}

const weightsOf = (distances: readonly number[]) => distances.map((d) => 1 / (d + 1e-3))

/** What the neighbours agree on: medians weighted by nearness; whether there was a JPEG by vote, its quality among those that voted so. */
export function agreed(damages: readonly KnownDamage[], distances: readonly number[], share = 0.5): KnownDamage {
  const weights = weightsOf(distances)
  const votes = damages.reduce((sum, { quality }, i) => sum + (quality < NO_JPEG ? weights[i] : -weights[i]), 0)
  const kept = damages.map((_, i) => i).filter((i) => damages[i].quality < NO_JPEG === votes > 0)
  const of = (name: keyof KnownDamage, among: readonly number[] = damages.map((_, i) => i)) =>
    weightedQuantile(
      among.map((i) => damages[i][name]),
      among.map((i) => weights[i]),
      share,
    )
  return { blur: of('blur'), scale: of('scale'), noise: of('noise'), quality: of('quality', kept) }
}

/** The middle of each quarter and of the whole, snapped to the grid of JPEG's blocks; the whole where a picture is small. */
function tilesOf({ shape: [, rows, columns], data }: Picture): Picture[] {
  const [height, width] = [Math.min(TILE, rows), Math.min(TILE, columns)]
  const snap = (middle: number, side: number, all: number) => Math.max(0, Math.min(8 * Math.round((middle - side / 2) / 8), all - side))
  const middles = [
    [1 / 2, 1 / 2],
    [1 / 4, 1 / 4],
    [1 / 4, 3 / 4],
    [3 / 4, 1 / 4],
    [3 / 4, 3 / 4],
  ]
  const corners = middles.map(([down, across]) => [snap(down * rows, height, rows), snap(across * columns, width, columns)] as const)
  const unique = corners.filter(([top, left], i) => corners.findIndex((other) => other[0] === top && other[1] === left) === i)
  return unique.map(([top, left]) => ({
    shape: [3, height, width],
    data: Float64Array.from({ length: 3 * height * width }, (_, i) => {
      const plane = Math.floor(i / (height * width))
      const at = i % (height * width)
      return data[(plane * rows + top + Math.floor(at / width)) * columns + left + (at % width)]
    }),
  }))
}

const median = (values: readonly number[]) => quantileOf(sortedOf(Float64Array.from(values)), 0.5)

/** The guess of a whole picture from those of its tiles. */
function together(
  guesses: readonly {
    readonly damage: KnownDamage
    readonly spread: KnownDamage
    readonly distance: number
    readonly places: readonly number[]
  }[],
  limit: number,
): DamageGuess {
  const over = (pick: (one: (typeof guesses)[number]) => KnownDamage): KnownDamage => ({
    blur: median(guesses.map((one) => pick(one).blur)),
    scale: median(guesses.map((one) => pick(one).scale)),
    noise: median(guesses.map((one) => pick(one).noise)),
    quality: median(guesses.map((one) => pick(one).quality)),
  })
  const damage = over((one) => one.damage)
  return {
    damage: { ...damage, noise: Math.max(ROUNDING, damage.noise) },
    softness: Math.hypot(damage.blur, damage.scale > 1 ? 0.45 * damage.scale : 0),
    spread: over((one) => one.spread),
    unsure: median(guesses.map((one) => one.distance)) > limit,
    evidence: guesses[0].places,
  }
}

/**
 * A for-loop is all you need: many damages were simulated on clean pictures and described; what happened to a picture is what happened
 * to those whose descriptions are nearest. The description hardly depends on what a picture shows, and looking through some thousand
 * entries takes less than a millisecond. The paper queries simulated tumours; only the way is the same.
 */
export const degradationDatabase = define({
  id: 'degradation-database',
  role: 'damage-query',
  title: 'What happened to this picture?',
  summary: 'Estimates blur, noise, enlarging and JPEG quality of a picture, to set up its restoration.',
  paper: {
    title: 'A for-loop is all you need. For solving the inverse problem in the case of personalized tumor growth modeling',
    year: 2022,
    link: 'https://proceedings.mlr.press/v193/ezhov22a.html',
  },
  params: z.object({
    neighbours: z
      .int()
      .min(1)
      .max(100)
      .default(9)
      .meta({ title: 'Neighbours', description: 'How many entries of the database are asked.' }),
  }),
  needs: {},
  make: ({ neighbours }) => ({
    query: (picture: Picture, { z: entries, damages, mean, deviation, whitening, limit }: DamageDatabase): DamageGuess => {
      if (mean.length !== DESCRIPTOR_LENGTH || deviation.length !== DESCRIPTOR_LENGTH)
        throw new RangeError(`The database describes pictures by ${mean.length} numbers, not ${DESCRIPTOR_LENGTH}.`)
      const guesses = tilesOf(picture).map((tile) => {
        const plain = descriptorOf(tile).map((value, i) => (value - mean[i]) / deviation[i])
        const described = whitening ? solveLower(whitening, plain) : plain
        const { places, distances } = nearest(entries, described, neighbours)
        const found = places.map((i) => damages[i])
        const [low, high] = [agreed(found, distances, 0.25), agreed(found, distances, 0.75)]
        const spread = {
          blur: high.blur - low.blur,
          scale: high.scale - low.scale,
          noise: high.noise - low.noise,
          quality: high.quality - low.quality,
        }
        return { damage: agreed(found, distances), spread, distance: distances[0], places }
      })
      return together(guesses, limit)
    },
  }),
})
