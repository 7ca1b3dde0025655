import { homedir } from 'node:os'
import { resolve } from 'node:path'

/** A path as an artist writes it, in full: a leading `~` is the home folder. */
export const absolutePath = (path: string): string => resolve(path.replace(/^~(?=$|[/\\])/, () => homedir()))
