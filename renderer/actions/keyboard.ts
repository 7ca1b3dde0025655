import { useShell } from '../panels/shell.ts'
import { useView } from '../studio/view.ts'
import { currentJob, hasProject } from './active.ts'
import { acceptDraft, compareDrafts, discardDrafts, openDrafts } from './drafts.ts'
import { actions, perform } from './index.ts'
import { matches, owned } from './keys.ts'
import { setOpacity } from './view.ts'

const ZONES = ['.top-bar', '.option-bar', '.tool-rail', '.canvas-zone', '.dock']

/** Focus on the first control of the next zone; Shift goes back. */
function nextZone(back: boolean): void {
  const zones = ZONES.map((name) => document.querySelector<HTMLElement>(name)).filter((zone) => zone !== null)
  const at = zones.findIndex((zone) => zone.contains(document.activeElement))
  for (let step = 1; step <= zones.length; step++) {
    const zone = zones[(at + (back ? -step : step) + zones.length * 2) % zones.length]
    const target = zone?.querySelector<HTMLElement>('button:not(:disabled), input:not(:disabled), select:not(:disabled), [tabindex="0"]')
    if (!target) continue
    target.focus()
    return
  }
}

const onCanvas = (target: EventTarget | null): boolean =>
  target === document.body ||
  (target instanceof Element && target.closest('.canvas-zone') !== null && !target.closest('button, input, textarea'))

/** Drafts have these keys while they wait for a choice. @returns whether it was one of them. */
function draftKey(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false
  if (event.key === 'ArrowLeft') compareDrafts(-1)
  else if (event.key === 'ArrowRight') compareDrafts(1)
  else if (event.key === 'Enter') void acceptDraft()
  else if (event.key === 'Escape') void discardDrafts()
  else return false
  event.preventDefault()
  return true
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || owned(event)) return
  if (useShell.getState().dialog) return
  if (event.key === 'F6') {
    event.preventDefault()
    nextZone(event.shiftKey)
    return
  }
  if (openDrafts() && draftKey(event)) return
  if (event.key === 'Escape') {
    // Tools and menus that claim Escape prevent its default before it arrives here.
    if (useView.getState().compare) useView.getState().setCompare(null)
    else if (currentJob()?.status === 'running') perform('job.cancel')
    else perform('objects.clear')
    return
  }
  if (event.key === 'Tab' && (!useShell.getState().tabHides || event.shiftKey || !onCanvas(event.target) || !hasProject())) return
  if (/^[0-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    setOpacity(Number(event.key))
    return
  }
  const found = actions.find(({ keys }) => keys?.some((shortcut) => matches(event, shortcut)))
  if (!found) return
  event.preventDefault()
  if (found.enabled?.() ?? true) found.run()
}

/** A button that was clicked gives the keyboard back to the canvas: Space shall pan, not press it again. Keyboards keep the focus where it is. */
function onClick(event: MouseEvent): void {
  const button = event.detail > 0 && event.target instanceof Element && event.target.closest('button')
  if (button && !button.closest('dialog, [role=menu], [role=tablist], .popover')) button.blur()
}

/** Listens for shortcuts until the returned function is called. */
export function listenForShortcuts(): () => void {
  document.addEventListener('keydown', onKeyDown)
  document.addEventListener('click', onClick)
  return () => {
    document.removeEventListener('keydown', onKeyDown)
    document.removeEventListener('click', onClick)
  }
}
