import type { FaultKind } from '../../preload/contract/fault.ts'

/** What the shell is told, by kind of fault. 0 is success; 130 is what a shell expects of Ctrl-C. */
export const EXIT_CODE: Readonly<Record<FaultKind, number>> = {
  invalid: 2,
  missing: 3,
  refused: 4,
  busy: 5,
  damaged: 6,
  newer: 7,
  full: 8,
  engine: 9,
  unsupported: 10,
  internal: 70,
  cancelled: 130,
}
