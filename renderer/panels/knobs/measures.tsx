import type { Recipe } from '../../../preload/contract/document.ts'
import { useProject } from '../../studio/project.ts'
import { readings } from './readings.ts'

/** What the run that made a layer says of itself. */
export function Measures({ recipe }: { readonly recipe: Recipe }) {
  const title = useProject(({ catalog }) => catalog?.methods.find(({ id }) => id === recipe.method)?.title) ?? recipe.method
  return (
    <dl className="measures" aria-label={title}>
      {readings(recipe.measures).map((reading) => (
        <div key={reading.title} data-tip={reading.tip}>
          <dt>{reading.title}</dt>
          <dd className={reading.tone}>{reading.text}</dd>
        </div>
      ))}
    </dl>
  )
}
