import type { JobPlan } from './plan.ts'

/** Most letters of an artist's words in a label. */
const LENGTH = 80

/** What the list of jobs calls a job, before its method's title is known. */
export function jobLabel(plan: JobPlan): string {
  if (plan.kind === 'restore') return `Restoring "${plan.name}"`
  const words = wordsOf(plan)
  if (plan.name === null) return `Making "${words}"`
  return words ? `Changing "${plan.name}": ${words}` : `Changing "${plan.name}"`
}

/** What the history calls what a job made. `method` is the title of its method. */
export function historyLabel(plan: JobPlan, method: string): string {
  const isAgain = plan.command.type === 'revision.rerun'
  if (plan.kind === 'restore') return `${isAgain ? 'Restore again' : 'Restore'} · ${method}`
  const words = wordsOf(plan)
  return [isAgain ? `${method} again` : method, ...(words ? [words] : [])].join(' · ')
}

/** What a layer with a result is called. */
export function resultName(plan: JobPlan, label: string): string {
  const words = plan.kind === 'imagine' ? wordsOf(plan) : ''
  const name = plan.name === null ? words || 'Picture' : words ? `${cut(plan.name, 80)}, ${words}` : cut(plan.name, 150)
  return label ? cut(`${name}, ${label}`, 200) : name
}

/** What it becomes; before an arrow what it was, where that is told: `a dog → a cat`. */
function wordsOf({ params, objects }: JobPlan & { kind: 'imagine' }): string {
  const becomes = objects.map((object) => tidy(object.becomes)).filter(Boolean)
  const now = becomes.length > 0 ? becomes.join(', ') : tidy(params.prompt)
  const was = tidy(params.source)
  return short(was && now ? `${short(was, LENGTH / 2)} → ${now}` : now)
}

const tidy = (words: unknown): string => (typeof words === 'string' ? words.trim().replace(/\s+/g, ' ') : '')

const short = (words: string, length = LENGTH): string => (words.length > length ? `${cut(words, length - 1).trimEnd()}…` : words)

/** The beginning of words, no letter cut in half. */
const cut = (words: string, length: number): string => words.slice(0, length).replace(/[\ud800-\udbff]$/, '')
