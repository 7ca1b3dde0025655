import { keysOf, perform } from '../actions/index.ts'
import { Button } from '../design/button.tsx'
import { Slider } from '../design/slider.tsx'
import { useView } from '../studio/view.ts'
import { tools } from '../tools/index.ts'
import { words } from '../words/en.ts'
import { useActiveLayer } from './active-layer.ts'
import { FrameOptions, ObjectOptions } from './tool-details.tsx'
import { Swatch } from './tool-rail.tsx'
import './tool-options.css'

/** The options of the tool in hand and nothing else. */
export function ToolOptions() {
  const id = useView((view) => view.tool)
  const tool = tools.find((other) => other.id === id)
  const paints = id === 'brush' || id === 'eraser' || id === 'mask-brush'
  return (
    <section className="option-bar" aria-label={words.zones.options}>
      <h2>{tool?.title}</h2>
      {paints && <BrushOptions colored={id === 'brush'} />}
      {id === 'eyedropper' && <Foreground />}
      {(id === 'zoom' || id === 'hand') && <ZoomOptions />}
      {(id === 'rectangle' || id === 'lasso' || id === 'object') && <ObjectOptions />}
      {id === 'frame' && <FrameOptions />}
      {paints && <Target masked={id === 'mask-brush'} />}
    </section>
  )
}

function Foreground() {
  const color = useView((view) => view.brush.color)
  const { setBrush } = useView.getState()
  return (
    <span className="option">
      {words.options.color}
      <Swatch label={words.options.color} color={color} onChange={(next) => setBrush({ color: next })} />
    </span>
  )
}

/** Sizes are felt as ratios: the slider runs in powers of two. */
const MOST_DOUBLINGS = Math.log2(2000)

function BrushOptions({ colored }: { readonly colored: boolean }) {
  const { size, hardness, opacity } = useView((view) => view.brush)
  const { setBrush } = useView.getState()
  return (
    <>
      <Slider
        compact
        label={words.options.size}
        value={size}
        min={1}
        max={2000}
        step={1}
        initial={40}
        unit="px"
        scale={{ to: (value) => Math.log2(value) / MOST_DOUBLINGS, from: (share) => 2 ** (share * MOST_DOUBLINGS) }}
        onChange={(value) => setBrush({ size: value })}
      />
      <Slider
        compact
        label={words.options.hardness}
        value={Math.round(hardness * 100)}
        min={0}
        max={100}
        step={1}
        initial={80}
        unit="%"
        onChange={(value) => setBrush({ hardness: value / 100 })}
      />
      <Slider
        compact
        label={words.options.opacity}
        value={Math.round(opacity * 100)}
        min={1}
        max={100}
        step={1}
        initial={100}
        unit="%"
        onChange={(value) => setBrush({ opacity: value / 100 })}
      />
      {colored && <Foreground />}
    </>
  )
}

function ZoomOptions() {
  return (['view.fit', 'view.actual'] as const).map((id) => (
    <Button key={id} keys={keysOf(id)} tip={words.actions[id]} onClick={() => perform(id)}>
      {id === 'view.fit' ? words.options.fit : words.options.actual}
    </Button>
  ))
}

/** At the right end: what the strokes will land on. */
function Target({ masked }: { readonly masked: boolean }) {
  const layer = useActiveLayer()
  const target = useView((view) => view.target)
  const onMask = (masked || target === 'mask') && layer?.mask
  return (
    <span className="option-target truncate">
      {layer ? (
        <>
          {onMask ? words.options.mask : words.options.pixels} <b>{layer.name}</b>
        </>
      ) : (
        words.options.none
      )}
    </span>
  )
}
