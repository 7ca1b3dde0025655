import { expect } from 'vitest'

/** What the page will show, given time: a busy machine is slow, and that is no failure. */
export const eventually = (look: () => unknown): ReturnType<typeof expect.poll> => expect.poll(look, { timeout: 60_000 })
