import { Check, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo } from 'react'
import { acceptDraft, closeLost, compareDrafts, discardDrafts, showDraft } from '../../actions/drafts.ts'
import { Button } from '../../design/button.tsx'
import { Progress } from '../../design/progress.tsx'
import { blobUrl } from '../../studio/client.ts'
import { areLost, type Draft, type Drafts, layerOf, shownOf, stateOf, useDrafts } from '../../studio/drafts.ts'
import { useProject, veil } from '../../studio/project.ts'
import { words } from '../../words/en.ts'
import { LayerPicture } from '../layers/layer-picture.tsx'
import { frameOf } from './frame-of.ts'
import './filmstrip.css'

/** Longest side of a draft's picture, in CSS pixels. */
const SIDE = 72

/** Tries of the same thing under the picture: compared with the arrows, one accepted, the others put away. */
export function Filmstrip() {
  const drafts = useDrafts()
  return drafts && <Strip key={drafts.project} drafts={drafts} />
}

function Strip({ drafts }: { readonly drafts: Drafts }) {
  const document = useProject(({ state }) => state?.document)
  const shown = document ? shownOf(drafts, document) : -1
  const layers = document ? drafts.list.map((draft) => layerOf(drafts, draft, document)) : []
  const others = layers.filter((layer, at) => layer !== null && at !== shown)
  const key = others.join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what the list holds.
  useEffect(() => veil(others.filter((layer) => layer !== null)), [key])
  useEffect(() => () => veil([]), [])
  // Whoever asked for them may be gone: a page that was loaded anew hears of their end from the jobs.
  const isOver = useProject(({ state }) => state !== null && areLost(drafts, state))
  useEffect(() => {
    if (isOver) closeLost(drafts.project, drafts)
  }, [isOver, drafts])

  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (by !== 1 && by !== -1) return
    event.preventDefault()
    compareDrafts(by)
  }
  return (
    <section className="filmstrip" aria-label={words.drafts.label} onKeyDown={onKeyDown}>
      <ol>
        {drafts.list.map((draft, at) => (
          <li key={draft.seed}>
            <DraftCard drafts={drafts} draft={draft} isShown={at === shown} onShow={() => showDraft(at)} />
          </li>
        ))}
      </ol>
      <Button
        look="primary"
        icon={Check}
        keys="Enter"
        tip={words.drafts.acceptTip}
        disabled={!layers[shown]}
        onClick={() => void acceptDraft()}
      >
        {words.drafts.accept}
      </Button>
      <Button look="quiet" icon={X} keys="Esc" tip={words.drafts.discardTip} onClick={() => void discardDrafts()}>
        {words.drafts.discard}
      </Button>
    </section>
  )
}

interface DraftCardProps {
  readonly drafts: Drafts
  readonly draft: Draft
  readonly isShown: boolean
  onShow(): void
}

function DraftCard({ drafts, draft, isShown, onShow }: DraftCardProps) {
  const document = useProject(({ state }) => state?.document)
  const job = useProject(({ state }) => state?.jobs.find(({ id }) => id === draft.job)) ?? null
  const state = useProject((projects) => projects.state && stateOf(drafts, draft, projects.state))
  const layer = document?.layers.find(({ id }) => id === layerOf(drafts, draft, document)) ?? null
  const frame = useMemo(() => (document && layer ? frameOf(layer, document) : undefined), [document, layer])
  const preview = job?.status === 'running' ? job.progress?.preview : null
  const progress = job?.status === 'running' && job.progress ? job.progress.step / job.progress.steps : null
  const said = state === null || state === 'landed' || state === 'running' ? null : words.drafts.states[state]
  return (
    <button type="button" className={`draft ${isShown ? 'shown' : ''}`} aria-pressed={isShown} disabled={!layer} onClick={onShow}>
      <span className="draft-picture checker">
        {layer && document && (
          <LayerPicture
            project={drafts.project}
            pixels={layer.pixels}
            width={document.width}
            height={document.height}
            side={SIDE}
            frame={frame}
          />
        )}
        {!layer && preview && <img src={blobUrl(drafts.project, preview, { type: 'image/png' })} alt={words.job.preview} />}
        {said && <span className="draft-state">{said}</span>}
      </span>
      <span>{words.drafts.seed(draft.seed)}</span>
      {progress !== null && <Progress label={words.drafts.seed(draft.seed)} value={progress} />}
    </button>
  )
}
