import { Dices, Lock, LockOpen, RotateCcw, Sparkles } from 'lucide-react'
import { useEffect } from 'react'
import type { MethodCard } from '../../../preload/contract/catalog.ts'
import type { Layer } from '../../../preload/contract/document.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { Select } from '../../design/fields.tsx'
import { NumberField } from '../../design/number-field.tsx'
import { useProject } from '../../studio/project.ts'
import { useView } from '../../studio/view.ts'
import { duration } from '../../words/amounts.ts'
import { words } from '../../words/en.ts'
import { learn, networkCalls, useSecondsPerCall } from './cost.ts'
import { knobs } from './knobs.ts'
import { Measures } from './measures.tsx'
import { Params } from './params.tsx'
import './restore.css'
import { freshSeed, SEED_LIMIT, useSettings } from './settings.ts'
import { chosenParams, obstacle, restorersIn, startRestore } from './start.ts'

const NO_VALUES = {}

/** What restoration can do to the active layer, what it will cost, and what the last run says of itself. */
export function Restore() {
  const methods = restorersIn(useProject(({ catalog }) => catalog?.methods))
  const chosen = useSettings((settings) => settings.method)
  const id = useView((view) => view.layer)
  const layer = useProject(({ state }) => state?.document.layers.find((other) => other.id === id)) ?? null
  const method = methods.find((other) => other.id === chosen) ?? methods[0]
  const why = obstacle(layer, methods)
  if (!method) return <p className="restore-note">{why}</p>
  return (
    <div className="restore">
      <MethodHead method={method} methods={methods} />
      <Knobs method={method} />
      <Seed />
      <Run method={method} layer={layer} why={why} />
      {layer?.recipe && <Measures recipe={layer.recipe} />}
    </div>
  )
}

function MethodHead({ method, methods }: { readonly method: MethodCard; readonly methods: readonly MethodCard[] }) {
  const values = useSettings((settings) => settings.params[method.id])
  const { choose, reset } = useSettings.getState()
  const paper = words.restore.paper(method.paper.title, method.paper.year)
  return (
    <div className="restore-method">
      {methods.length > 1 ? (
        <Select
          label={words.restore.method}
          value={method.id}
          options={methods.map(({ id, title }) => ({ value: id, title }))}
          onChange={choose}
        />
      ) : (
        <strong>{method.title}</strong>
      )}
      {values && Object.keys(values).length > 0 && (
        <IconButton icon={RotateCcw} size={14} label={words.restore.defaults} onClick={() => reset(method.id)} />
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

function Knobs({ method }: { readonly method: MethodCard }) {
  const values = useSettings((settings) => settings.params[method.id]) ?? NO_VALUES
  const set = useSettings((settings) => settings.set)
  return <Params knobs={knobs(method.params)} values={values} onChange={(id, value) => set(method.id, id, value)} />
}

function Seed() {
  const { seed, seedKept, setSeed, keepSeed } = useSettings()
  return (
    <div className="restore-seed">
      <span className="field-label">{words.restore.seed}</span>
      <NumberField label={words.restore.seed} value={seed} min={0} max={SEED_LIMIT} step={1} onChange={setSeed} />
      <IconButton icon={Dices} label={words.restore.dice} onClick={() => setSeed(freshSeed())} />
      <IconButton
        icon={seedKept ? Lock : LockOpen}
        label={seedKept ? words.restore.unlock : words.restore.lock}
        aria-pressed={seedKept}
        onClick={() => keepSeed(!seedKept)}
      />
    </div>
  )
}

function Run({ method, layer, why }: { readonly method: MethodCard; readonly layer: Layer | null; readonly why: string | null }) {
  const width = useProject(({ state }) => state?.document.width ?? 1)
  const height = useProject(({ state }) => state?.document.height ?? 1)
  const jobs = useProject(({ state }) => state?.jobs)
  const provider = useProject(({ state }) => state?.engine.provider ?? null)
  const set = useSettings((settings) => settings.params[method.id])
  useEffect(() => {
    if (jobs) learn(jobs, provider)
  }, [jobs, provider])

  const { steps, tile } = { ...chosenParams(method), ...set }
  const calls = networkCalls(width, height, { steps: Number(steps ?? 0), ...(typeof tile === 'number' ? { tile } : {}) })
  const each = useSecondsPerCall(method.id, provider)
  const cost = `≈ ${words.restore.calls(calls)} · ${each === null ? words.restore.unmeasured : words.restore.seconds(duration(each * calls))}`
  return (
    <div className="restore-run">
      <Button
        look="primary"
        icon={Sparkles}
        disabled={why !== null}
        tip={why ?? words.restore.target(layer?.name ?? '')}
        onClick={() => void startRestore()}
      >
        {words.restore.run}
      </Button>
      <p className="restore-foot">{why ?? cost}</p>
    </div>
  )
}
