import { ImagePlus } from 'lucide-react'
import type { MethodCard, ModelCard } from '../../../preload/contract/catalog.ts'
import { readable } from '../../actions/keys.ts'
import { Switch } from '../../design/fields.tsx'
import { useObjectCount } from '../../studio/objects.ts'
import { words } from '../../words/en.ts'
import { useActiveLayer } from '../active-layer.ts'
import { DeedForm } from '../knobs/deed-form.tsx'
import '../knobs/knobs.css'
import { useForecast } from '../knobs/forecast.ts'
import { Measures } from '../knobs/measures.tsx'
import { Params } from '../knobs/params.tsx'
import { RunRow } from '../knobs/run-row.tsx'
import { SeedRow } from '../knobs/seed-row.tsx'
import { chosenParams, useSettings } from '../knobs/settings.ts'
import { workOf } from './cost.ts'
import './imagine.css'
import { useKnobs, useValues } from '../knobs/use-knobs.ts'
import { Examples } from './examples.tsx'
import { useImagining, useModel } from './methods.ts'
import { ModelChoice, NoModel } from './model-choice.tsx'
import { generateObstacle } from './obstacles.ts'
import { SizeRow } from './size-row.tsx'
import { chosenSize } from './sizes.ts'
import { startGenerate } from './start.ts'
import { Variations } from './variations.tsx'
import { Negative, WordsField } from './words-field.tsx'

/** Drawn by hand in this panel; what else a method has is drawn from its schema. */
const OWN = ['prompt', 'negative', 'width', 'height']

/** A picture from words alone. */
export function Generate() {
  const { generate } = useImagining()
  const model = useModel('make')
  if (!generate || !model) return <NoModel hasMethod={generate !== null} />
  return <Form method={generate} model={model} />
}

function Form({ method, model }: { readonly method: MethodCard; readonly model: ModelCard }) {
  const turning = useKnobs(method, OWN, model.usual)
  const recipe = useActiveLayer()?.recipe ?? null
  const hasObjects = useObjectCount() > 0
  const intoObjects = useSettings((settings) => settings.intoObjects)
  const { putIntoObjects } = useSettings.getState()
  return (
    <DeedForm foot={<Run method={method} model={model} />} onSubmit={() => void startGenerate()}>
      <WordsField method={method} id="prompt" label={words.generate.words} isFirst />
      <Examples method={method} />
      <Negative method={method} />
      <ModelChoice wish="make" />
      {hasObjects && <Switch label={words.generate.into} checked={intoObjects} onChange={putIntoObjects} />}
      {!(hasObjects && intoObjects) && <SizeRow method={method} model={model} />}
      <Params {...turning} />
      <SeedRow deed="generate" />
      {recipe?.method === method.id && <Measures recipe={recipe} />}
    </DeedForm>
  )
}

function Run({ method, model }: { readonly method: MethodCard; readonly model: ModelCard }) {
  // Read anew whenever a knob is turned.
  useValues(method)
  const count = useSettings(({ variations }) => variations.generate ?? 1)
  const params = { ...chosenParams(method, model.usual), ...chosenSize(method, model) }
  const parts = useGenerateParts()
  const forecast = useForecast(workOf(method, model.id, params, parts))
  return (
    <RunRow
      icon={ImagePlus}
      title={words.generate.run}
      tip={words.generate.tip}
      keys={readable('Mod+Enter')}
      obstacle={generateObstacle(model, params)}
      forecast={forecast}
      count={count}
      run={() => void startGenerate()}
    >
      <Variations deed="generate" />
    </RunRow>
  )
}

/** Into how many objects the picture goes; none where it stands for itself. */
function useGenerateParts(): number {
  const objects = useObjectCount()
  return useSettings(({ intoObjects }) => intoObjects) ? objects : 0
}
