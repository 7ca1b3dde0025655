import type { MethodCard } from '../../../preload/contract/catalog.ts'
import { words } from '../../words/en.ts'
import { useSettings } from '../knobs/settings.ts'
import { useValues } from '../knobs/use-knobs.ts'
import { useModel } from './methods.ts'

/** More would be a list to choose from, not a hint. */
const SHOWN = 4

/** What the model says one may ask it for, until something is asked: a click writes it into the field. */
export function Examples({ method }: { readonly method: MethodCard }) {
  const { prompt } = useValues(method)
  const told = useModel('make')?.usual.prompts
  if (prompt || typeof told !== 'string') return null
  const examples = [...new Set(told.split('\n').map((line) => line.trim()))].filter((line) => line !== '').slice(0, SHOWN)
  if (examples.length === 0) return null
  return (
    <p className="examples">
      {words.generate.examples}
      {examples.map((example) => (
        <button type="button" key={example} onClick={() => useSettings.getState().set(method.id, 'prompt', example)}>
          {example}
        </button>
      ))}
    </p>
  )
}
