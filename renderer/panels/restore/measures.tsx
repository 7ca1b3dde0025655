import type { Recipe } from '../../../preload/contract/document.ts'
import { useProject } from '../../studio/project.ts'
import { words } from '../../words/en.ts'

/** Names and units of what methods report; others are shown as they are. */
const KNOWN: Readonly<Record<string, { readonly title: string; show(value: number): string }>> = {
  consistency: { title: words.restore.consistency, show: (value) => `${value.toFixed(1)} dB` },
}

/** What the run that made a layer says of itself. */
export function Measures({ recipe }: { readonly recipe: Recipe }) {
  const title = useProject(({ catalog }) => catalog?.methods.find(({ id }) => id === recipe.method)?.title) ?? recipe.method
  const entries = Object.entries(recipe.measures)
  return (
    <dl className="measures" aria-label={title}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{KNOWN[name]?.title ?? name}</dt>
          <dd>{KNOWN[name]?.show(value) ?? value.toFixed(2)}</dd>
        </div>
      ))}
    </dl>
  )
}
