import {
  Check,
  Columns2,
  Download,
  ImagePlus,
  Layers2,
  PaintBucket,
  PenLine,
  SlidersHorizontal,
  Sparkles,
  WandSparkles,
  X,
} from 'lucide-react'
import { applyFrame, reachesOut } from '../actions/frame.ts'
import { keysOf, perform } from '../actions/index.ts'
import { applyFrameAndFill } from '../actions/objects.ts'
import { Button } from '../design/button.tsx'
import { MaskIcon } from '../design/mask-icon.ts'
import { useObjectCount, useQuiet } from '../studio/objects.ts'
import { useProject } from '../studio/project.ts'
import { useView } from '../studio/view.ts'
import { words } from '../words/en.ts'
import { useActiveLayer } from './active-layer.ts'
import { useImagining } from './imagine/methods.ts'
import { startEdit } from './imagine/start.ts'
import { useEditing } from './imagine/use-editing.ts'
import { obstacle, restorersIn, startRestore } from './restore/start.ts'
import { openDeed } from './shell.ts'
import './task-bar.css'

/** The verbs that make sense for the picture as it stands, the likeliest first: the way in for who never opens the dock. */
export function TaskBar() {
  const isFraming = useView(({ frame }) => frame !== null)
  const hasObjects = useObjectCount() > 0
  const quiet = useQuiet()
  return (
    <div className="task-bar" role="toolbar" aria-label={words.task.label}>
      {isFraming ? <FrameVerbs /> : hasObjects && !quiet ? <ObjectVerbs /> : <PictureVerbs hasObjects={hasObjects} />}
    </div>
  )
}

/** While the picture is about to have another frame. */
function FrameVerbs() {
  const frame = useView((view) => view.frame)
  const document = useProject(({ state }) => state?.document)
  if (!frame || !document) return null
  return (
    <>
      <Button look="primary" icon={Check} keys="Enter" onClick={() => void applyFrame()}>
        {words.frame.apply}
      </Button>
      {reachesOut(frame, document) && (
        <Button look="quiet" icon={PaintBucket} onClick={() => void applyFrameAndFill()}>
          {words.frame.fill}
        </Button>
      )}
      <Button look="quiet" icon={X} keys="Esc" onClick={() => useView.getState().setFrame(null)}>
        {words.frame.discard}
      </Button>
    </>
  )
}

/** While parts of the picture are shown: what the panel is set to do with them, once it can be done. */
function ObjectVerbs() {
  const count = useObjectCount()
  const editing = useEditing()
  const isReady = editing !== null && editing.why === null
  // The first button does the same then.
  const fills = isReady && editing.method.id === 'fill'
  return (
    <>
      {isReady && (
        <Button look="primary" icon={WandSparkles} tip={words.edit.target(editing.layer?.name ?? '')} onClick={() => void startEdit()}>
          {editing.title}
        </Button>
      )}
      {isReady ? (
        <Button look="quiet" icon={SlidersHorizontal} tip={words.actions['picture.edit']} onClick={() => openDeed('edit', { focus: true })}>
          {words.task.settings}
        </Button>
      ) : (
        <EditVerb look="primary" />
      )}
      {count === 1 && !fills && (
        <Button look="quiet" icon={PaintBucket} tip={words.actions['picture.fill']} onClick={() => perform('picture.fill')}>
          {words.task.fill}
        </Button>
      )}
      <Button
        look="quiet"
        icon={X}
        keys={keysOf('objects.clear')}
        tip={words.actions['objects.clear']}
        onClick={() => perform('objects.clear')}
      >
        {words.task.clear}
      </Button>
    </>
  )
}

function EditVerb({ look }: { readonly look: 'primary' | 'quiet' }) {
  return (
    <Button look={look} icon={PenLine} tip={words.actions['picture.edit']} onClick={() => perform('picture.edit')}>
      {words.task.edit}
    </Button>
  )
}

function PictureVerbs({ hasObjects }: { readonly hasObjects: boolean }) {
  const layer = useActiveLayer()
  const comparing = useView((view) => view.compare !== null)
  const methods = restorersIn(useProject(({ catalog }) => catalog?.methods))
  const { generate } = useImagining()
  const busy = useProject(({ state }) => state?.jobs.some(({ status }) => status === 'running') ?? false)
  const canRestore = obstacle(layer, methods) === null
  const isEmpty = layer === null || layer.pixels === null
  return (
    <>
      {layer?.recipe?.input && (
        <Button
          look={comparing ? 'plain' : 'primary'}
          icon={Columns2}
          keys={keysOf('layer.compare')}
          tip={words.actions['layer.compare']}
          aria-pressed={comparing}
          onClick={() => perform('layer.compare')}
        >
          {words.task.compare}
        </Button>
      )}
      {hasObjects && <EditVerb look="quiet" />}
      {canRestore && (
        <Button look={layer?.recipe || busy ? 'quiet' : 'primary'} icon={Sparkles} disabled={busy} onClick={() => void startRestore()}>
          {words.task.restore}
        </Button>
      )}
      {generate && (
        <Button
          look={isEmpty && !busy ? 'primary' : 'quiet'}
          icon={ImagePlus}
          tip={words.actions['picture.generate']}
          onClick={() => perform('picture.generate')}
        >
          {words.task.generate}
        </Button>
      )}
      <Button look="quiet" icon={Layers2} keys={keysOf('layer.add')} tip={words.actions['layer.add']} onClick={() => perform('layer.add')}>
        {words.task.newLayer}
      </Button>
      {layer && !layer.mask && !layer.locked && (
        <Button look="quiet" icon={MaskIcon} tip={words.actions['mask.add']} onClick={() => perform('mask.add')}>
          {words.task.mask}
        </Button>
      )}
      <Button
        look="quiet"
        icon={Download}
        keys={keysOf('file.export')}
        tip={words.actions['file.export']}
        onClick={() => perform('file.export')}
      >
        {words.task.export}
      </Button>
    </>
  )
}
