import { expect } from 'vitest'

/** What the page will show, given time: a busy machine is slow, and that is no failure. */
export const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 20_000 })
