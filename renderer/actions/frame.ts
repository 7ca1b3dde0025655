import type { Rect } from '../../main/math/rect.ts'
import { intersect } from '../../main/math/rect.ts'
import type { Region } from '../../preload/contract/region.ts'
import { learnFrame } from '../studio/frames.ts'
import { arrival, run } from '../studio/project.ts'
import { useView } from '../studio/view.ts'
import { project as projectInFront } from './active.ts'

interface Size {
  readonly width: number
  readonly height: number
}

/** Does a frame hold anything that the picture does not? */
export const reachesOut = ({ x, y, width, height }: Rect, picture: Size): boolean =>
  x < 0 || y < 0 || x + width > picture.width || y + height > picture.height

/**
 * What a frame adds to a picture, in the coordinates of the frame: a box where it is one, otherwise a closed line that leaves the
 * picture out. Null where it adds nothing.
 */
export function newPart(frame: Rect, picture: Size): Region | null {
  if (!reachesOut(frame, picture)) return null
  const kept = intersect(frame, { x: 0, y: 0, ...picture })
  const { width, height } = frame
  if (!kept) return { from: 'rectangle', x: 0, y: 0, width, height }
  const hole = {
    left: kept.x - frame.x,
    top: kept.y - frame.y,
    right: kept.x - frame.x + kept.width,
    bottom: kept.y - frame.y + kept.height,
  }
  const strips: Rect[] = [
    { x: 0, y: 0, width: hole.left, height },
    { x: hole.right, y: 0, width: width - hole.right, height },
    { x: 0, y: 0, width, height: hole.top },
    { x: 0, y: hole.bottom, width, height: height - hole.bottom },
  ].filter((strip) => strip.width > 0 && strip.height > 0)
  const [strip, ...others] = strips
  if (strip && others.length === 0) return { from: 'rectangle', ...strip }
  const { left, top, right, bottom } = hole
  // Out along the frame, in along the picture: the way between both is walked twice and so counts for nothing.
  const outer: [number, number][] = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
    [0, 0],
  ]
  const inner: [number, number][] = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
    [left, top],
  ]
  return { from: 'polygon', points: [...outer, ...inner] }
}

/** Gives the picture the frame in hand. @returns what was added, in the new coordinates. */
export async function applyFrame(): Promise<Region | null> {
  const state = projectInFront()
  const { frame, setFrame, requestZoom } = useView.getState()
  if (!state || !frame) return null
  const { width, height } = state.document
  const isSame = frame.x === 0 && frame.y === 0 && frame.width === width && frame.height === height
  const project = state.file.id
  const done = isSame ? null : await run({ type: 'document.frame', ...frame }, project)
  setFrame(null)
  if (!done?.revision) return null
  learnFrame(project, done.revision, { dx: -frame.x, dy: -frame.y })
  await arrival(project, done.revision)
  requestZoom('fit')
  return newPart(frame, { width, height })
}
