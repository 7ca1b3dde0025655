import { WandSparkles } from 'lucide-react'
import type { MethodCard, ModelCard } from '../../../preload/contract/catalog.ts'
import type { LayerId } from '../../../preload/contract/ids.ts'
import { readable } from '../../actions/keys.ts'
import { Choice } from '../../design/choice.tsx'
import { Select } from '../../design/fields.tsx'
import { useProject } from '../../studio/project.ts'
import { useView } from '../../studio/view.ts'
import { words } from '../../words/en.ts'
import { useActiveLayer } from '../active-layer.ts'
import { DeedForm } from '../knobs/deed-form.tsx'
import '../knobs/knobs.css'
import { useForecast } from '../knobs/forecast.ts'
import { Measures } from '../knobs/measures.tsx'
import { Params } from '../knobs/params.tsx'
import { RunRow } from '../knobs/run-row.tsx'
import { SeedRow } from '../knobs/seed-row.tsx'
import { useSettings } from '../knobs/settings.ts'
import { workOf } from './cost.ts'
import './imagine.css'
import { useKnobs } from '../knobs/use-knobs.ts'
import { editOf, needsObjects, useImagining, useModel } from './methods.ts'
import { ModelChoice, NoModel } from './model-choice.tsx'
import { ObjectList } from './object-list.tsx'
import { startEdit } from './start.ts'
import { useEditing } from './use-editing.ts'
import { Variations } from './variations.tsx'
import { Negative, WordsField } from './words-field.tsx'

/** Drawn by hand in this panel; what else a method has is drawn from its schema. */
const OWN = ['prompt', 'source', 'negative']

/** What of the active layer shall be otherwise, in words. */
export function Edit() {
  const imagining = useImagining()
  const chosen = useSettings(({ methods }) => methods.edit)
  const model = useModel('change')
  const method = editOf(imagining, chosen)
  if (!method || !model) return <NoModel hasMethod={method !== null} />
  return <Form method={method} methods={imagining.edits} model={model} />
}

interface FormProps {
  readonly method: MethodCard
  readonly methods: readonly MethodCard[]
  readonly model: ModelCard
}

function Form({ method, methods, model }: FormProps) {
  const turning = useKnobs(method, OWN, model.usual)
  const recipe = useActiveLayer()?.recipe ?? null
  const { choose } = useSettings.getState()
  const byParts = needsObjects(method)
  return (
    <DeedForm foot={<Run />} onSubmit={() => void startEdit()}>
      <Choice
        label={words.edit.method}
        value={method.id}
        options={methods.map(({ id, title, paper }) => ({
          value: id,
          title: words.edit.titles[id] ?? title,
          tip: words.restore.paper(paper.title, paper.year),
        }))}
        onChange={(id) => choose('edit', id)}
      />
      <p className="deed-line">{words.edit.lines[method.id] ?? method.summary}</p>
      {!byParts && <WordsField method={method} id="source" isFirst />}
      {!byParts && <WordsField method={method} id="prompt" label={words.edit.words} />}
      <ObjectList hint={byParts ? '' : words.edit.wholeHint} worded={byParts} />
      {byParts && <WordsField method={method} id="source" />}
      <Negative method={method} />
      <LayerChoice />
      <ModelChoice wish="change" />
      <Params {...turning} />
      <SeedRow deed="edit" />
      {recipe && methods.some(({ id }) => id === recipe.method) && <Measures recipe={recipe} />}
    </DeedForm>
  )
}

/** Which layer is worked on: after a run that is its result, and an artist may want the one before. */
function LayerChoice() {
  const id = useView(({ layer }) => layer)
  const layers = useProject(({ state }) => state?.document.layers) ?? []
  const painted = layers.filter(({ pixels }) => pixels !== null).toReversed()
  if (painted.length < 2) return null
  return (
    <div className="model-choice">
      <span className="field-label">{words.edit.layer}</span>
      <Select<LayerId>
        label={words.edit.layer}
        value={id ?? ('' as LayerId)}
        options={painted.map((layer) => ({ value: layer.id, title: layer.name }))}
        onChange={(layer) => useView.getState().setLayer(layer)}
      />
    </div>
  )
}

function Run() {
  const editing = useEditing()
  const count = useSettings(({ variations }) => variations.edit ?? 1)
  const forecast = useForecast(editing && workOf(editing.method, editing.model?.id ?? '', editing.params, editing.objects.length))
  if (!editing) return null
  const { layer, title, why } = editing
  return (
    <RunRow
      icon={WandSparkles}
      title={title}
      tip={words.edit.target(layer?.name ?? '')}
      keys={readable('Mod+Enter')}
      obstacle={why}
      forecast={forecast}
      count={count}
      run={() => void startEdit()}
    >
      <Variations deed="edit" />
    </RunRow>
  )
}
