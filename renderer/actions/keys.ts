/**
 * Shortcuts are written `Mod+Shift+Z`; Mod is Command on a Mac and Control elsewhere.
 * Letters match what is printed on the key (`event.key`), brackets where the key lies (`event.code`),
 * so that other layouts keep both.
 */

const MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)
const CODES: Readonly<Record<string, string>> = { '[': 'BracketLeft', ']': 'BracketRight' }
const NAMES: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' }

/** What of a key press a shortcut looks at. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** Is this key press that shortcut? */
export function matches(event: KeyPress, shortcut: string, mac = MAC): boolean {
  const parts = shortcut.split(/\+(?=.)/)
  const key = parts.pop() ?? ''
  const mod = parts.includes('Mod')
  if (mod !== (mac ? event.metaKey : event.ctrlKey) || (mac ? event.ctrlKey : event.metaKey)) return false
  if (parts.includes('Alt') !== event.altKey) return false
  // A printed sign such as ? may need Shift by itself.
  const sign = key.length === 1 && !/[a-z0-9[\]]/i.test(key)
  if (!sign && parts.includes('Shift') !== event.shiftKey) return false
  const code = CODES[key]
  if (code) return event.code === code
  if (/^[0-9]$/.test(key)) return event.key === key || event.code === `Digit${key}`
  // Alt on a Mac types other letters; there the place of the key decides.
  if (event.altKey && /^[A-Z]$/.test(key)) return event.code === `Key${key}`
  return event.key.toLowerCase() === key.toLowerCase()
}

/** A shortcut as this machine's users read it. */
export function readable(shortcut: string, mac = MAC): string {
  const parts = shortcut.split(/\+(?=.)/).map((part) => NAMES[part] ?? part)
  if (!mac) return parts.join('+').replace('Mod', 'Ctrl')
  return parts.join('').replace('Mod', '⌘').replace('Shift', '⇧').replace('Alt', '⌥')
}

/** Does the focused control keep this key to itself? Text owns every key but those with Mod; buttons and sliders own theirs. */
export function owned(event: KeyboardEvent): boolean {
  const target = event.target
  if (!(target instanceof HTMLElement)) return false
  const mod = event.ctrlKey || event.metaKey
  if (
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && !['range', 'checkbox', 'color', 'radio'].includes(target.type))
  )
    return !mod || ['a', 'c', 'v', 'x', 'z', 'y'].includes(event.key.toLowerCase())
  if (target instanceof HTMLSelectElement) return !mod
  if (target.closest('button, input, [role=tab], a'))
    return !mod && ['Enter', ' ', 'Tab', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(event.key)
  return false
}
