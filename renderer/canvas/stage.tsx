import { type MouseEvent, type ReactNode, useEffect, useRef } from 'react'
import { openMenu } from '../design/menu.tsx'
import { blobUrl } from '../studio/client.ts'
import { useProject } from '../studio/project.ts'
import { useView } from '../studio/view.ts'
import { canvasMenu } from './canvas-menu.ts'
import { canvasWords } from './canvas-words.ts'
import { Desk } from './desk.ts'
import { Divider } from './divider.tsx'
import './stage.css'

interface StageProps {
  /** Floats under the picture. */
  readonly taskBar?: ReactNode
}

/** The canvas: the picture of the project in front, under the tool in hand. Fills its parent. */
export function Stage({ taskBar }: StageProps) {
  const host = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLDivElement>(null)
  const bar = useRef<HTMLDivElement>(null)
  const divider = useRef<HTMLDivElement>(null)
  const shadow = useRef<HTMLDivElement>(null)
  const desk = useRef<Desk | null>(null)
  const compare = useView((view) => view.compare)
  const zoom = useView((view) => view.zoom)
  const title = useProject(({ state }) => state?.file.title ?? '')
  const compared = useProject(
    ({ state }) => state?.document.layers.find(({ id, recipe }) => id === compare?.layer && recipe?.input) ?? null,
  )

  useEffect(() => {
    if (!host.current || !canvas.current) return
    const made = new Desk(canvas.current, host.current, blobUrl, {
      taskBar: () => bar.current,
      divider: () => divider.current,
      shadow: () => shadow.current,
    })
    desk.current = made
    return () => {
      desk.current = null
      made.close()
    }
  }, [])

  const onContextMenu = (event: MouseEvent) => {
    event.preventDefault()
    openMenu(canvasWords.menu, canvasMenu(), { x: event.clientX, y: event.clientY })
  }

  return (
    <div
      className="stage"
      ref={host}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application has the keyboard to itself: arrows, plus and minus work on the picture.
      tabIndex={0}
      role="application"
      aria-label={canvasWords.canvas(title, zoom)}
      data-testid="stage"
      onContextMenu={onContextMenu}
    >
      <div className="stage-shadow" ref={shadow} />
      <div className="stage-canvas" ref={canvas} />
      {compare && compared && (
        <Divider
          ref={divider}
          layer={compared}
          position={compare.position}
          picture={() => desk.current?.pictureOnPage() ?? { left: 0, width: 1 }}
        />
      )}
      {taskBar && (
        <div className="stage-task-bar" ref={bar} data-over-canvas>
          {taskBar}
        </div>
      )}
    </div>
  )
}
