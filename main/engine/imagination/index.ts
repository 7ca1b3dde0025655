import { editObjects } from './edit-objects.ts'
import { exactEdit } from './exact-edit.ts'
import { fill } from './fill.ts'
import { generate } from './generate.ts'

/** Every way to make pictures from words, sorted by id: what `picture.imagine` can name. */
export const imaginations = [editObjects, exactEdit, fill, generate] as const
