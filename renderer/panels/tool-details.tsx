import { Eye, EyeOff } from 'lucide-react'
import { SIDE_LIMIT } from '../../preload/contract/document.ts'
import { keysOf, perform } from '../actions/index.ts'
import { Button } from '../design/button.tsx'
import { NumberField } from '../design/number-field.tsx'
import { useObjectCount, useQuiet } from '../studio/objects.ts'
import { useProject } from '../studio/project.ts'
import { useView } from '../studio/view.ts'
import { words } from '../words/en.ts'

/** Of the tools that show parts of the picture: how many there are, shown or not. */
export function ObjectOptions() {
  const count = useObjectCount()
  const quiet = useQuiet()
  return (
    <>
      <span className="option">{words.select.hint(count)}</span>
      {count > 0 && (
        <>
          <Button
            icon={quiet ? Eye : EyeOff}
            keys={keysOf('objects.show')}
            tip={words.actions['objects.show']}
            onClick={() => perform('objects.show')}
          >
            {quiet ? words.select.show : words.select.hide}
          </Button>
          <Button keys={keysOf('objects.clear')} tip={words.actions['objects.clear']} onClick={() => perform('objects.clear')}>
            {words.task.clear}
          </Button>
        </>
      )}
    </>
  )
}

/** The frame in numbers. A side that is typed grows to the right and down. */
export function FrameOptions() {
  const document = useProject(({ state }) => state?.document)
  const frame = useView((view) => view.frame)
  if (!document) return null
  const now = frame ?? { x: 0, y: 0, width: document.width, height: document.height }
  return (
    <>
      {(['width', 'height'] as const).map((side) => (
        <span key={side} className="option">
          {words.create[side]}
          <NumberField
            className="boxed option-number"
            label={words.create[side]}
            value={now[side]}
            min={1}
            max={SIDE_LIMIT}
            step={1}
            unit="px"
            onChange={(value) => useView.getState().setFrame({ ...now, [side]: Math.round(value) })}
          />
        </span>
      ))}
    </>
  )
}
