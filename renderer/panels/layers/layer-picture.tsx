import { useEffect, useRef } from 'react'
import type { Rect } from '../../../main/math/rect.ts'
import type { Pixels } from '../../../preload/contract/document.ts'
import type { ProjectId } from '../../../preload/contract/ids.ts'
import { drawThumbnail } from './thumbnail.ts'

interface LayerPictureProps {
  readonly project: ProjectId
  readonly pixels: Pixels | null
  readonly width: number
  readonly height: number
  readonly rest?: number
  /** Longest side on screen, in CSS pixels. */
  readonly side?: number
  /** The part of the picture that is shown, in document pixels; the whole where it is left out. The same object for the same part. */
  readonly frame?: Rect | undefined
}

/** In a row of the list. */
const SIDE = 34
/** Milliseconds of rest before a changed layer is drawn again: strokes come faster. */
const REST = 250

/** A layer or a mask as a small picture. The old one stays until the new one is there. */
export function LayerPicture({ project, pixels, width, height, rest, side = SIDE, frame }: LayerPictureProps) {
  const ref = useRef<HTMLCanvasElement>(null)
  const shown = frame ?? { width, height }
  const ratio = Math.min(frame ? Number.POSITIVE_INFINITY : 1, side / shown.width, side / shown.height)
  const [across, down] = [Math.max(8, shown.width * ratio), Math.max(8, shown.height * ratio)]
  useEffect(() => {
    const canvas = ref.current
    if (!canvas) return
    if (!pixels) {
      canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height)
      return
    }
    const controller = new AbortController()
    const blank = canvas.dataset.drawn === undefined
    const timer = window.setTimeout(
      () => {
        drawThumbnail(canvas, { project, pixels, width, height, rest: rest ?? null, frame }, controller.signal)
          .then(() => {
            canvas.dataset.drawn = pixels.index
          })
          // A thumbnail that cannot be drawn is not worth a message: the canvas shows the same picture.
          .catch(() => {})
      },
      blank ? 0 : REST,
    )
    return () => {
      window.clearTimeout(timer)
      controller.abort()
    }
  }, [project, pixels, width, height, rest, frame])
  return (
    <canvas
      ref={ref}
      className={rest === undefined ? 'checker' : ''}
      width={Math.round(across * 2)}
      height={Math.round(down * 2)}
      style={{ width: across, height: down }}
      aria-hidden
    />
  )
}
