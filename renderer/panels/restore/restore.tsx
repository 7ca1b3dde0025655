import { Sparkles } from 'lucide-react'
import type { MethodCard } from '../../../preload/contract/catalog.ts'
import type { Layer } from '../../../preload/contract/document.ts'
import { Select } from '../../design/fields.tsx'
import { useProject } from '../../studio/project.ts'
import { words } from '../../words/en.ts'
import { useActiveLayer } from '../active-layer.ts'
import '../knobs/knobs.css'
import { Measures } from '../knobs/measures.tsx'
import { Params } from '../knobs/params.tsx'
import { RunRow } from '../knobs/run-row.tsx'
import { SeedRow } from '../knobs/seed-row.tsx'
import { chosenParams, useSettings } from '../knobs/settings.ts'
import { useSecondsPerCall } from '../knobs/speeds.ts'
import { useKnobs } from '../knobs/use-knobs.ts'
import { networkCalls } from './cost.ts'
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
    <div className="deed">
      <MethodHead method={method} methods={methods} />
      <Params {...turning} />
      <SeedRow deed="restore" />
      <Run method={method} layer={layer} why={obstacle(layer, methods)} />
      {layer?.recipe && methods.some(({ id }) => id === layer.recipe?.method) && <Measures recipe={layer.recipe} />}
    </div>
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
          {method.id.toUpperCase()}
        </a>
      </p>
    </div>
  )
}

function Run({ method, layer, why }: { readonly method: MethodCard; readonly layer: Layer | null; readonly why: string | null }) {
  const width = useProject(({ state }) => state?.document.width ?? 1)
  const height = useProject(({ state }) => state?.document.height ?? 1)
  const provider = useProject(({ state }) => state?.engine.provider ?? null)
  const set = useSettings((settings) => settings.params[method.id])
  const each = useSecondsPerCall(method.id, provider)
  const { steps, tile } = { ...chosenParams(method), ...set }
  const calls = networkCalls(width, height, { steps: Number(steps ?? 0), ...(typeof tile === 'number' ? { tile } : {}) })
  return (
    <RunRow
      icon={Sparkles}
      title={words.restore.run}
      tip={words.restore.target(layer?.name ?? '')}
      obstacle={why}
      cost={{ calls, each }}
      run={() => void startRestore()}
    />
  )
}
