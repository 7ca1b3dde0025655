import { z } from 'zod'

/** What every kind of tuning is told: the pictures it is judged by. Each case is a noise and a prompt. */
export const settings = {
  guidance: z
    .number()
    .min(1)
    .max(30)
    .default(7)
    .meta({ title: 'Guidance', description: 'How far prompts are followed. What is found holds for this guidance.' }),
  prompts: z
    .string()
    .max(20_000)
    .default('a portrait of an old man\na red apple\na house by the sea\na cat')
    .meta({ title: 'Prompts', description: 'What to try the model with, one prompt a line.', multiline: true }),
  negative: z
    .string()
    .max(2000)
    .default('')
    .meta({ title: 'Negative prompt', description: 'What the pictures should not show.', multiline: true }),
  side: z
    .int()
    .min(8)
    .max(4096)
    .nullable()
    .default(null)
    .meta({ title: 'Side', description: 'Side of the pictures in pixels; the model’s own where it is left open.' }),
  seed: z.int().min(0).max(0xffff_ffff).default(1).meta({ title: 'Seed', description: 'Of the noises and of the search.' }),
  referenceSteps: z
    .int()
    .min(10)
    .max(200)
    .default(50)
    .meta({ title: 'Steps of the reference', description: 'Steps of the long runs that everything is compared with.' }),
}

/** How many cases a search looks at, and on how many others its result is checked. */
export const judged = {
  cases: z.int().min(1).max(64).default(8).meta({ title: 'Cases', description: 'Noises that every candidate is tried on.' }),
  heldOut: z
    .int()
    .min(0)
    .max(64)
    .default(16)
    .meta({ title: 'Held out', description: 'Other noises, on which the result must hold up before it is kept.' }),
}

export const Settings = z.object(settings)
export type Settings = z.output<typeof Settings>

/** @returns the prompts in their order, at least one. */
export function promptsOf({ prompts }: Pick<Settings, 'prompts'>): readonly string[] {
  const lines = prompts
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return lines.length > 0 ? lines : ['']
}

/** Network calls that one answer takes. */
export const callsPerAnswer = ({ guidance }: Pick<Settings, 'guidance'>): number => (guidance === 1 ? 1 : 2)
