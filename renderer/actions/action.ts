import type { words } from '../words/en.ts'

/** Something an artist can do without pointing: in the palette, on a key, in a menu. */
export interface Action {
  readonly id: string
  readonly title: string
  readonly group: keyof typeof words.groups
  /** Shortcuts, the one to show first. */
  readonly keys?: readonly string[]
  /** Can it be done now? Absent: always. */
  enabled?(): boolean
  run(): void
}
