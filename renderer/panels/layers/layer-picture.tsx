import { useEffect, useRef } from 'react'
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
}

/** In a row of the list. */
const SIDE = 34
/** Milliseconds of rest before a changed layer is drawn again: strokes come faster. */
const REST = 250

/** A layer or a mask as a small picture. The old one stays until the new one is there. */
export function LayerPicture({ project, pixels, width, height, rest, side = SIDE }: LayerPictureProps) {
  const ref = useRef<HTMLCanvasElement>(null)
  const ratio = Math.min(1, side / width, side / height)
  const [across, down] = [Math.max(8, width * ratio), Math.max(8, height * ratio)]
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
        drawThumbnail(canvas, { project, pixels, width, height, rest: rest ?? null }, controller.signal)
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
  }, [project, pixels, width, height, rest])
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
