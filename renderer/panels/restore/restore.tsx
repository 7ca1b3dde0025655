import { Sparkles } from 'lucide-react'
import type { MethodCard } from '../../../preload/contract/catalog.ts'
import type { Layer } from '../../../preload/contract/document.ts'
import { Select } from '../../design/fields.tsx'
import { useProject } from '../../studio/project.ts'
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
import { useKnobs, useValues } from '../knobs/use-knobs.ts'
import { restorationOf } from './cost.ts'
import './restore.css'
import { obstacle, restorersIn, startRestore } from './start.ts'

/** Nothing of a restoration is drawn by hand. */
const OWN: readonly string[] = []

/** What restoration can do to the active layer, what it will cost, and what the last run says of itself. */
export function Restore() {
  const methods = restorersIn(useProject(({ catalog }) => catalog?.methods))
  const chosen = useSettings((settings) => settings.methods.restore)
  const method = methods.find((other) => other.id === chosen) ?? methods[0]
  return method ? <Form method={method} methods={methods} /> : <p className="deed-note">{words.restore.noMethod}</p>
}

interface FormProps {
  readonly method: MethodCard
  readonly methods: readonly MethodCard[]
}

function Form({ method, methods }: FormProps) {
  const layer = useActiveLayer()
  const turning = useKnobs(method, OWN)
  return (
    <DeedForm foot={<Run method={method} layer={layer} why={obstacle(layer, methods)} />}>
      <MethodHead method={method} methods={methods} />
      <Params {...turning} />
      <SeedRow deed="restore" />
      {layer?.recipe && methods.some(({ id }) => id === layer.recipe?.method) && <Measures recipe={layer.recipe} />}
    </DeedForm>
  )
}

function MethodHead({ method, methods }: FormProps) {
  const { choose } = useSettings.getState()
  const paper = words.restore.paper(method.paper.title, method.paper.year)
  return (
    <div className="restore-method">
      {methods.length > 1 ? (
        <Select
          label={words.restore.method}
          value={method.id}
          options={methods.map(({ id, title }) => ({ value: id, title }))}
          onChange={(id) => choose('restore', id)}
        />
      ) : (
        <strong>{method.title}</strong>
      )}
      <p className="restore-summary">
        {method.summary}{' '}
        <a href={method.paper.link} target="_blank" rel="noreferrer" data-tip={paper}>
          {words.restore.source}
        </a>
      </p>
    </div>
  )
}

function Run({ method, layer, why }: { readonly method: MethodCard; readonly layer: Layer | null; readonly why: string | null }) {
  const picture = useProject(({ state }) => state?.document ?? null)
  // Read anew whenever a knob is turned.
  useValues(method)
  const work = picture && restorationOf(method.id, picture, chosenParams(method))
  const forecast = useForecast(work)
  return (
    <RunRow
      icon={Sparkles}
      title={words.restore.run}
      tip={words.restore.target(layer?.name ?? '')}
      obstacle={why}
      calls={work?.amount ?? null}
      forecast={forecast}
      run={() => void startRestore()}
    />
  )
}
