import { SlidersHorizontal } from 'lucide-react'
import type { Recipe } from '../../../preload/contract/document.ts'
import { perform } from '../../actions/index.ts'
import { Button } from '../../design/button.tsx'
import { useProject } from '../../studio/project.ts'
import { words } from '../../words/en.ts'
import { readings } from './readings.ts'

/** What the run that made a layer says of itself. */
export function Measures({ recipe }: { readonly recipe: Recipe }) {
  const title = useProject(({ catalog }) => catalog?.methods.find(({ id }) => id === recipe.method)?.title) ?? recipe.method
  const list = readings(recipe.measures)
  return (
    <section className="measures" aria-label={title}>
      {list.length > 0 && (
        <dl>
          {list.map((reading) => (
            <div key={reading.title} data-tip={reading.tip}>
              <dt>{reading.title}</dt>
              <dd className={reading.tone}>{reading.text}</dd>
            </div>
          ))}
        </dl>
      )}
      <Button look="quiet" icon={SlidersHorizontal} tip={words.actions['layer.reuse']} onClick={() => perform('layer.reuse')}>
        {words.knobs.reuse}
      </Button>
    </section>
  )
}
