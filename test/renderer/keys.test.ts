import { describe, expect, test } from 'vitest'
import { type KeyPress, matches, readable } from '../../renderer/actions/keys.ts'

const press = (key: string, code: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
})

describe('shortcuts', () => {
  test('Mod is Control, and Command on a Mac', () => {
    expect(matches(press('z', 'KeyZ', { ctrlKey: true }), 'Mod+Z', false)).toBe(true)
    expect(matches(press('z', 'KeyZ', { metaKey: true }), 'Mod+Z', true)).toBe(true)
    expect(matches(press('z', 'KeyZ', { metaKey: true }), 'Mod+Z', false)).toBe(false)
    expect(matches(press('z', 'KeyZ', { ctrlKey: true }), 'Mod+Z', true)).toBe(false)
  })

  test('undo is not redo', () => {
    const redo = press('Z', 'KeyZ', { ctrlKey: true, shiftKey: true })
    expect(matches(redo, 'Mod+Z', false)).toBe(false)
    expect(matches(redo, 'Mod+Shift+Z', false)).toBe(true)
  })

  test('letters are what is printed: Z on a German keyboard lies where Y is elsewhere', () => {
    expect(matches(press('z', 'KeyY', { ctrlKey: true }), 'Mod+Z', false)).toBe(true)
    expect(matches(press('y', 'KeyZ', { ctrlKey: true }), 'Mod+Z', false)).toBe(false)
  })

  test('brackets are where the keys lie, whatever is printed on them', () => {
    expect(matches(press('ü', 'BracketLeft'), '[', false)).toBe(true)
    expect(matches(press('{', 'BracketLeft', { shiftKey: true }), 'Shift+[', false)).toBe(true)
    expect(matches(press('{', 'BracketLeft', { shiftKey: true }), '[', false)).toBe(false)
    expect(matches(press(']', 'BracketRight', { ctrlKey: true, shiftKey: true }), 'Mod+Shift+]', false)).toBe(true)
  })

  test('a sign may need Shift by itself', () => {
    expect(matches(press('?', 'Slash', { shiftKey: true }), '?', false)).toBe(true)
    expect(matches(press('+', 'Equal', { ctrlKey: true, shiftKey: true }), 'Mod++', false)).toBe(true)
  })

  test('they read as the machine’s users know them', () => {
    expect(readable('Mod+Shift+Z', false)).toBe('Ctrl+Shift+Z')
    expect(readable('Mod+Shift+Z', true)).toBe('⌘⇧Z')
    expect(readable('Mod++', false)).toBe('Ctrl++')
  })
})
