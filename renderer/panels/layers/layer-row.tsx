import { Columns2, Eye, EyeOff, Lock, LockOpen } from 'lucide-react'
import { type KeyboardEvent, memo, type PointerEvent, useState } from 'react'
import type { Layer } from '../../../preload/contract/document.ts'
import type { ProjectId } from '../../../preload/contract/ids.ts'
import { keysOf } from '../../actions/index.ts'
import { setLayer as changeLayer, toggleCompare } from '../../actions/layers.ts'
import { IconButton } from '../../design/button.tsx'
import { openMenu } from '../../design/menu.tsx'
import { useProject } from '../../studio/project.ts'
import { useView } from '../../studio/view.ts'
import { words } from '../../words/en.ts'
import { useShell } from '../shell.ts'
import { describeLayer } from './describe-layer.ts'
import { layerMenu } from './layer-menu.ts'
import { LayerPicture } from './layer-picture.tsx'

interface LayerRowProps {
  readonly layer: Layer
  readonly project: ProjectId
  readonly width: number
  readonly height: number
  readonly onGrab: (event: PointerEvent<HTMLElement>) => void
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
}

/** One layer in the list: eye, picture, mask, name. */
export const LayerRow = memo(function LayerRow({ layer, project, width, height, onGrab, onKeyDown }: LayerRowProps) {
  const active = useView((view) => view.layer === layer.id)
  const target = useView((view) => view.target)
  const comparing = useView((view) => view.compare?.layer === layer.id)
  const renaming = useShell((shell) => shell.renaming === layer.id)
  const methods = useProject(({ catalog }) => catalog?.methods)
  const { setLayer } = useView.getState()
  const title = (id: string) => methods?.find((method) => method.id === id)?.title ?? id
  const { id, name, visible, locked, mask } = layer

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the row only adds the pointer to what its buttons do by keyboard.
    <div
      className={`layer-row ${active ? 'active' : ''} ${visible ? '' : 'dimmed'}`}
      onContextMenu={(event) => {
        event.preventDefault()
        setLayer(id, active ? target : 'pixels')
        openMenu(name, layerMenu(layer), { x: event.clientX, y: event.clientY })
      }}
    >
      <IconButton
        icon={visible ? Eye : EyeOff}
        label={visible ? words.layers.hide(name) : words.layers.show(name)}
        aria-pressed={visible}
        onClick={() => changeLayer(id, { visible: !visible })}
      />
      <button
        type="button"
        className={`layer-picture ${active && mask && target === 'pixels' ? 'target' : ''}`}
        aria-label={words.layers.editPixels(name)}
        tabIndex={mask ? 0 : -1}
        onClick={() => setLayer(id, 'pixels')}
        onPointerDown={onGrab}
      >
        <LayerPicture project={project} pixels={layer.pixels} width={width} height={height} />
      </button>
      {mask && (
        <button
          type="button"
          className={`layer-picture ${active && target === 'mask' ? 'target' : ''} ${mask.enabled ? '' : 'off'}`}
          aria-label={words.layers.editMask(name)}
          data-tip={words.layers.editMask(name)}
          onClick={() => setLayer(id, 'mask')}
        >
          <LayerPicture project={project} pixels={mask.pixels} width={width} height={height} rest={mask.rest} />
        </button>
      )}
      {renaming ? (
        <RenameField layer={layer} />
      ) : (
        <button
          type="button"
          className="layer-name"
          data-layer={id}
          aria-current={active ? 'true' : undefined}
          onClick={() => setLayer(id, active ? target : 'pixels')}
          onDoubleClick={() => !locked && useShell.getState().rename(id)}
          onPointerDown={onGrab}
          onKeyDown={onKeyDown}
        >
          <span className="truncate">{name}</span>
          <span className="layer-second truncate">{describeLayer(layer, title)}</span>
        </button>
      )}
      {layer.recipe?.input && (
        <IconButton
          icon={Columns2}
          className={`layer-aside ${comparing ? 'on' : ''}`}
          label={words.restore.compare}
          keys={keysOf('layer.compare')}
          aria-pressed={comparing}
          onClick={() => {
            setLayer(id, 'pixels')
            toggleCompare(id)
          }}
        />
      )}
      <IconButton
        icon={locked ? Lock : LockOpen}
        size={14}
        className={`layer-aside ${locked ? 'kept' : ''}`}
        label={locked ? words.layers.unlock(name) : words.layers.lock(name)}
        aria-pressed={locked}
        onClick={() => changeLayer(id, { locked: !locked })}
      />
    </div>
  )
})

function RenameField({ layer }: { readonly layer: Layer }) {
  const [text, setText] = useState(layer.name)
  const end = (keep: boolean) => {
    useShell.getState().rename(null)
    const name = text.trim()
    if (keep && name && name !== layer.name) changeLayer(layer.id, { name })
  }
  return (
    <input
      className="text-field layer-rename"
      aria-label={words.layers.rename}
      maxLength={200}
      value={text}
      ref={(field) => field?.focus()}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => end(true)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') end(true)
        if (event.key === 'Escape') end(false)
      }}
    />
  )
}
