import { ArrowLeftRight } from 'lucide-react'
import { Fragment } from 'react'
import { keysOf, perform } from '../actions/index.ts'
import { readable } from '../actions/keys.ts'
import { IconButton } from '../design/button.tsx'
import { type Color, useView } from '../studio/view.ts'
import { tools } from '../tools/index.ts'
import { words } from '../words/en.ts'
import { colorOf, hexOf } from './colors.ts'
import './tool-rail.css'

/** The tools, grouped by rules, and the two colours at the foot. */
export function ToolRail() {
  const active = useView((view) => view.tool)
  const { setTool } = useView.getState()
  return (
    <nav className="tool-rail" aria-label={words.zones.tools}>
      {tools.map((tool, at) => (
        <Fragment key={tool.id}>
          {at > 0 && tools[at - 1]?.group !== tool.group && <hr />}
          <IconButton
            className="tool"
            icon={tool.icon}
            size={18}
            label={tool.title}
            keys={readable(tool.shortcut)}
            active={tool.id === active}
            aria-pressed={tool.id === active}
            onClick={() => setTool(tool.id)}
          />
        </Fragment>
      ))}
      <Swatches />
    </nav>
  )
}

function Swatches() {
  const { color, background } = useView((view) => view.brush)
  const { setBrush } = useView.getState()
  return (
    <div className="swatches">
      <IconButton
        className="swatch-swap"
        icon={ArrowLeftRight}
        size={12}
        label={words.swatches.swap}
        keys={keysOf('colors.swap')}
        onClick={() => perform('colors.swap')}
      />
      <div className="swatch-pair">
        <Swatch label={words.swatches.background} color={background} onChange={(next) => setBrush({ background: next })} />
        <Swatch label={words.swatches.foreground} color={color} onChange={(next) => setBrush({ color: next })} />
      </div>
    </div>
  )
}

/** A colour that opens the platform's colour chooser. */
export function Swatch({ label, color, onChange }: { readonly label: string; readonly color: Color; onChange(color: Color): void }) {
  return (
    <input
      type="color"
      className="swatch"
      aria-label={label}
      data-tip={label}
      value={hexOf(color)}
      onChange={(event) => onChange(colorOf(event.currentTarget.value))}
    />
  )
}
