import { Download, Search } from 'lucide-react'
import { useState } from 'react'
import type { HubModel } from '../../../preload/contract/models.ts'
import { Button } from '../../design/button.tsx'
import { TextField } from '../../design/fields.tsx'
import { bytes } from '../../words/amounts.ts'
import { words } from '../../words/en.ts'
import { isBusy, useWorks, work } from './work.ts'
import { WorkLine } from './work-line.tsx'

/** Looks for models on a hub, and fetches them: the licence is shown before. */
export function FindModels() {
  const [text, setText] = useState('')
  const [hub, setHub] = useState('')
  const found = useWorks((works) => works.found)
  const busy = useWorks(({ of }) => isBusy(of.search))
  const where = hub.trim() ? { hub: hub.trim() } : {}
  const search = () => void work({ do: 'search', text: text.trim(), ...where })
  return (
    <>
      <section aria-label={words.models.search}>
        <div className="models-line">
          <TextField
            label={words.models.search}
            placeholder={words.models.searchHint}
            value={text}
            maxLength={200}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') search()
            }}
          />
          <Button look="primary" icon={Search} disabled={busy || text.trim() === ''} onClick={search}>
            {words.models.searchRun}
          </Button>
        </div>
        <p className="dialog-note">{words.models.findHint}</p>
        <details className="params-more">
          <summary>{words.models.hub}</summary>
          <TextField label={words.models.hub} placeholder="https://" value={hub} onChange={(event) => setHub(event.currentTarget.value)} />
          <p className="dialog-note">{words.models.hubHint}</p>
        </details>
        <WorkLine subject="search" />
      </section>
      {found?.length === 0 && <p className="dialog-note">{words.models.nothing}</p>}
      <ul className="model-list" aria-label={words.models.find}>
        {found?.map((model) => (
          <FoundRow key={model.repository} model={model} where={where} />
        ))}
      </ul>
    </>
  )
}

function FoundRow({ model, where }: { readonly model: HubModel; readonly where: { readonly hub?: string } }) {
  const [asking, setAsking] = useState(false)
  const { repository, licence, downloads, problem } = model
  const busy = useWorks(({ of }) => isBusy(of[repository]))
  const facts = [
    licence ?? words.models.unknownLicence,
    ...(model.bytes === null ? [] : [bytes(model.bytes)]),
    ...(downloads === null ? [] : [words.models.downloads(downloads)]),
  ]
  return (
    <li className="model-row">
      <div className="model-head">
        <strong className="truncate">{repository}</strong>
        <Button icon={Download} disabled={problem !== null || busy} tip={problem ?? words.models.download} onClick={() => setAsking(true)}>
          {words.models.download}
        </Button>
      </div>
      <p className="model-facts">{facts.join(' · ')}</p>
      {problem && <p className="bad">{problem}</p>}
      {asking && (
        <section className="model-form" aria-label={words.models.download}>
          <p>{licence ? words.models.downloadAsk(repository, licence) : words.models.downloadAskUnknown(repository)}</p>
          <div className="model-form-foot">
            <Button onClick={() => setAsking(false)}>{words.models.back}</Button>
            <Button
              look="primary"
              onClick={() => {
                setAsking(false)
                void work({ do: 'download', repository, ...where })
              }}
            >
              {words.models.downloadRun}
            </Button>
          </div>
        </section>
      )}
      <WorkLine subject={repository} />
    </li>
  )
}
