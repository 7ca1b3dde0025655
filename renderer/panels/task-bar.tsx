import { Columns2, Download, Layers2, Sparkles } from 'lucide-react'
import { keysOf, perform } from '../actions/index.ts'
import { Button } from '../design/button.tsx'
import { MaskIcon } from '../design/mask-icon.ts'
import { useProject } from '../studio/project.ts'
import { useView } from '../studio/view.ts'
import { words } from '../words/en.ts'
import { obstacle, restorersIn, startRestore } from './restore/start.ts'
import './task-bar.css'

/** The verbs that make sense for the picture as it stands, the likeliest first: the way in for who never opens the dock. */
export function TaskBar() {
  const id = useView((view) => view.layer)
  const comparing = useView((view) => view.compare !== null)
  const layer = useProject(({ state }) => state?.document.layers.find((other) => other.id === id)) ?? null
  const methods = restorersIn(useProject(({ catalog }) => catalog?.methods))
  const busy = useProject(({ state }) => state?.jobs.some(({ status }) => status === 'running') ?? false)
  const compare = layer?.recipe && (
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
  )
  const canRestore = obstacle(layer, methods) === null
  return (
    <div className="task-bar" role="toolbar" aria-label={words.task.label}>
      {compare}
      {canRestore && (
        <Button look={layer?.recipe || busy ? 'quiet' : 'primary'} icon={Sparkles} disabled={busy} onClick={() => void startRestore()}>
          {words.task.restore}
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
    </div>
  )
}
