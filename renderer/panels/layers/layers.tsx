import { Copy, Plus, Trash2 } from 'lucide-react'
import { type KeyboardEvent, useEffect } from 'react'
import { keysOf, perform } from '../../actions/index.ts'
import { reorderLayer, setLayer } from '../../actions/layers.ts'
import { IconButton } from '../../design/button.tsx'
import { Select } from '../../design/fields.tsx'
import { MaskIcon } from '../../design/mask-icon.ts'
import { Slider } from '../../design/slider.tsx'
import { tryOnLayer, useProject } from '../../studio/project.ts'
import { useView } from '../../studio/view.ts'
import { words } from '../../words/en.ts'
import { useActiveLayer } from '../active-layer.ts'
import { BLEND_GROUPS, BLEND_OPTIONS } from './blend-modes.ts'
import { useDragOrder } from './drag-order.ts'
import { LayerRow } from './layer-row.tsx'
import './layers.css'

export const ROW = 46

/** The layers, top first, and how the active one is blended. */
export function Layers() {
  const file = useProject(({ state }) => state?.file.id)
  const document = useProject(({ state }) => state?.document)
  const layers = document?.layers ?? []
  const top = layers.toReversed()
  const { drag, list, grab } = useDragOrder(top.length, ROW, (from, gap) => {
    const layer = top[from]
    // A gap counts from the top with the layer in the list, an index from the bottom without it.
    if (layer) reorderLayer(layer.id, top.length - (gap > from ? gap : gap + 1))
  })
  const active = useView((view) => view.layer)
  // The layer in hand stays in view: when it changes, and when the panels above take room.
  useEffect(() => {
    if (!list.current) return
    const observer = new ResizeObserver(() =>
      list.current?.querySelector(`[data-layer="${active}"]`)?.closest('li')?.scrollIntoView({ block: 'nearest' }),
    )
    observer.observe(list.current)
    return () => observer.disconnect()
  }, [active, list])
  if (!document || !file) return null

  const onKeyDown = (event: KeyboardEvent<HTMLElement>, at: number) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!by) return
    event.preventDefault()
    const layer = top[at]
    if (event.altKey && layer) reorderLayer(layer.id, layers.indexOf(layer) - by)
    else {
      const next = top[at + by]
      if (!next) return
      useView.getState().setLayer(next.id)
      list.current?.querySelector<HTMLElement>(`[data-layer="${next.id}"]`)?.focus()
    }
  }
  return (
    <>
      <LayerHead />
      <div className="layer-list" ref={list}>
        {top.length === 0 && <p className="empty-note">{words.layers.none}</p>}
        <ul>
          {top.map((layer, at) => (
            <li key={layer.id} className={drag?.from === at ? 'dragged' : ''}>
              <LayerRow
                layer={layer}
                project={file}
                width={document.width}
                height={document.height}
                onGrab={(event) => grab(event, at)}
                onKeyDown={(event) => onKeyDown(event, at)}
              />
            </li>
          ))}
        </ul>
        {drag && <div className="layer-gap" style={{ top: drag.to * ROW - 1 }} />}
      </div>
    </>
  )
}

function LayerHead() {
  const layer = useActiveLayer()
  const off = !layer || layer.locked
  return (
    <div className="layer-head">
      <Select
        label={words.layers.blend}
        value={layer?.blend ?? 'normal'}
        options={BLEND_OPTIONS}
        groups={BLEND_GROUPS}
        disabled={off}
        onChange={(blend) => layer && setLayer(layer.id, { blend })}
      />
      <Slider
        compact
        label={words.layers.opacity}
        value={Math.round((layer?.opacity ?? 1) * 100)}
        min={0}
        max={100}
        step={1}
        initial={100}
        unit="%"
        disabled={off}
        onChange={(value) => layer && tryOnLayer({ layer: layer.id, change: { opacity: value / 100 } })}
        onCommit={(value) => layer && void setLayer(layer.id, { opacity: value / 100 }).then(() => tryOnLayer(null))}
      />
    </div>
  )
}

/** The buttons beside the tab: what can be done with layers. */
export function LayerButtons() {
  const layer = useActiveLayer()
  const buttons = [
    { action: 'layer.add', icon: Plus, off: false },
    { action: 'mask.add', icon: MaskIcon, off: !layer || layer.locked || layer.mask !== null },
    { action: 'layer.duplicate', icon: Copy, off: !layer },
    { action: 'layer.remove', icon: Trash2, off: !layer || layer.locked },
  ] as const
  return buttons.map(({ action, icon, off }) => (
    <IconButton
      key={action}
      icon={icon}
      label={words.actions[action]}
      keys={keysOf(action)}
      disabled={off}
      onClick={() => perform(action)}
    />
  ))
}
