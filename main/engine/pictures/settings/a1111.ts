import { type Carried, NOTHING_CARRIED, numberOf, wordsOf } from './carried.ts'

/** One setting of the last line: a name, and a value that is quoted where it holds a comma. */
const SETTING = /\s*(\w[\w \-/]{0,40}?):\s*("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)/g
const NEGATIVE = 'Negative prompt:'
/** Most letters of the last line that are read. */
const LINE_LIMIT = 20_000
/** A last line with fewer settings is part of the words. */
const LEAST = 3

/**
 * The text that Stable Diffusion web UI and its kin write: the words, a line `Negative prompt: …`, and a last line of settings
 * `Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512`. Null where it is not of that form.
 */
export function readA1111(text: string): Carried | null {
  const lines = text.trimEnd().split('\n')
  const settings = settingsOf(lines.at(-1) ?? '')
  if (settings.size < LEAST || !settings.has('Steps')) return null
  const words = lines.slice(0, -1)
  const at = words.findIndex((line) => line.startsWith(NEGATIVE))
  const [prompt, negative] = at < 0 ? [words, []] : [words.slice(0, at), words.slice(at)]
  const [, width, height] = /^(\d+)x(\d+)$/.exec(settings.get('Size') ?? '') ?? []
  const version = settings.get('Version') ?? ''
  return {
    ...NOTHING_CARRIED,
    program: version.startsWith('Palimpsest') ? 'Palimpsest' : 'Stable Diffusion web UI',
    prompt: prompt.join('\n').trim(),
    negative: negative.join('\n').slice(NEGATIVE.length).trim(),
    steps: numberOf(settings.get('Steps')),
    guidance: numberOf(settings.get('CFG scale')),
    seed: numberOf(settings.get('Seed')),
    width: numberOf(width),
    height: numberOf(height),
    sampler: wordsOf(settings.get('Sampler')),
    scheduler: wordsOf(settings.get('Schedule type')),
    model: wordsOf(settings.get('Model')),
  }
}

function settingsOf(line: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>()
  for (const [, name = '', value = ''] of line.slice(0, LINE_LIMIT).matchAll(SETTING))
    if (!settings.has(name)) settings.set(name, unquoted(value.trim()))
  return settings
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value
  try {
    return String(JSON.parse(value))
  } catch {
    return value
  }
}

/** The same text for what the studio made. */
export function writeA1111(carried: Omit<Carried, 'program'>, more: Readonly<Record<string, string>>): string {
  const { prompt, negative, steps, guidance, seed, width, height, sampler, scheduler, model } = carried
  const settings = {
    Steps: steps,
    Sampler: sampler,
    'Schedule type': scheduler,
    'CFG scale': guidance,
    Seed: seed,
    Size: width && height && `${width}x${height}`,
    Model: model,
    ...more,
  }
  const told = Object.entries(settings).filter(([, value]) => value !== null && value !== undefined && value !== '')
  const last = told.map(([name, value]) => `${name}: ${/[,:"\n]/.test(String(value)) ? JSON.stringify(String(value)) : value}`).join(', ')
  // A line of the words that begins so would be taken for the other words.
  const safe = (words: string) => words.replace(/(^|\n)(?=Negative prompt:)/g, '$1 ')
  return [safe(prompt), ...(negative ? [`${NEGATIVE} ${safe(negative)}`] : []), last].join('\n')
}
