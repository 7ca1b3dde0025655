import { z } from 'zod'
import { inversions, schedules, solvers } from '../../algorithms/index.ts'

/** Methods of the registry as a knob: their ids. */
const oneOf = <I extends string>(methods: readonly { readonly id: I }[]) => z.enum(methods.map(({ id }) => id) as [I, ...I[]])

const words = (title: string, description: string) => z.string().max(2000).default('').meta({ title, description, multiline: true })

export const prompt = words('What it shall be', 'What the picture shall show, in words.')
export const source = words('What it is', 'The picture as it is, in words: only what differs between both texts acts.')
export const negative = words('What it shall not be', 'What the picture shall keep away from, in words.')

export const guidance = z
  .number()
  .min(1)
  .max(20)
  .default(7)
  .meta({ title: 'Guidance', description: 'How closely the words are followed. 1 asks with the words alone, in half the time.' })

export const steps = z
  .int()
  .min(1)
  .max(150)
  .default(20)
  .meta({ title: 'Steps', description: 'More steps take longer and follow the model more closely.' })

export const schedule = oneOf(schedules).default('multistep').meta({ title: 'Schedule', description: 'Where the steps fall.' })

export const solver = oneOf(solvers).default('unipc').meta({ title: 'Solver', description: 'How each step is taken.' })

/** From a picture brought towards the noise: there is no start that could be sent to a board of pictures. */
export const solverFromPicture = oneOf(solvers.filter(({ id }) => id !== 'dpm-ot'))
  .default('unipc')
  .meta({ title: 'Solver', description: 'How each step is taken.' })

export const inversion = oneOf(inversions)
  .default('bdia-inversion')
  .meta({ title: 'Inversion', description: 'How the picture is brought to the noise. The exact ones return to the very same picture.' })

export const strength = (standard: number) =>
  z
    .number()
    .min(0.02)
    .max(1)
    .default(standard)
    .meta({ title: 'Strength', description: 'How far the picture is brought towards the noise, as a share of the way: more changes more.' })

export const feather = z
  .number()
  .min(0)
  .max(256)
  .default(8)
  .meta({ title: 'Feather', description: 'How far the edge of a region is softened to either side, in pixels. Beyond it nothing changes.' })

export const freedom = z.number().min(0).max(1).default(0.75).meta({
  title: 'Freedom',
  description: 'How far the edit may leave the picture it came from: 0 keeps closest to it. Acts with the fast exact inversion.',
})

export const check = z.boolean().default(false).meta({
  title: 'Round trip',
  description: 'Also goes back with the old words, and tells how far that ends from the picture. Takes as long again as one way.',
})
