import { openDrafts } from '../actions/drafts.ts'
import { useView } from '../studio/view.ts'
import type { Conductor } from './conductor.ts'

export interface KeyOptions {
  readonly conductor: Conductor
  readonly pan: (dx: number, dy: number) => void
  readonly zoom: (to: 'in' | 'out') => void
}

/** While drafts are compared these are theirs. */
const DRAFT_KEYS = ['ArrowLeft', 'ArrowRight', 'Enter', 'Escape']
/** CSS pixels an arrow key moves the view; with Shift four times as far. */
const STEP = 64

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** Listens for the keys the canvas has to itself while it has the focus, until the returned function is called. */
export function listenForKeys(canvas: HTMLElement, { conductor, pan, zoom }: KeyOptions): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && conductor.cancel()) {
      event.preventDefault()
      return
    }
    const isOurs = event.target === canvas || event.target === document.body
    if (!isOurs || document.querySelector('dialog[open]') || event.ctrlKey || event.metaKey || event.altKey) return
    if (openDrafts() && DRAFT_KEYS.includes(event.key)) return
    const modifiers = { shift: event.shiftKey, alt: false, mod: false }
    if (event.key === 'Enter' || event.key === 'Escape') {
      if (conductor.key(useView.getState().tool, { type: 'key', key: event.key, modifiers })) event.preventDefault()
      return
    }
    const arrow = ARROWS[event.key]
    if (arrow) {
      const isTools = conductor.key(useView.getState().tool, { type: 'key', key: event.key, modifiers })
      const reach = STEP * (event.shiftKey ? 4 : 1)
      if (!isTools && !conductor.isBusy) pan(arrow[0] * reach, arrow[1] * reach)
    } else if (event.key === '+' || event.key === '=') zoom('in')
    else if (event.key === '-') zoom('out')
    else return
    event.preventDefault()
  }
  // In the capturing phase, so that Escape belongs to a gesture before it belongs to anything else.
  window.addEventListener('keydown', onKeyDown, true)
  return () => window.removeEventListener('keydown', onKeyDown, true)
}
