import { openProject, useProject } from '../../studio/project.ts'
import { words } from '../../words/en.ts'
import { useSettings } from '../knobs/settings.ts'
import { openDeed } from '../shell.ts'
import { imaginingIn, modelOf } from './methods.ts'
import { sizesFor } from './sizes.ts'

/** Where no model tells what suits it. */
const USUAL = { side: 512, multiple: 8 } as const

/** An empty picture in the size that suits the model, with the keyboard where its words go. */
export async function beginWithWords(): Promise<void> {
  const model = modelOf(imaginingIn(useProject.getState().catalog), useSettings.getState().model, 'make')
  const { square } = sizesFor(model ?? USUAL, { width: 1, height: 1 })
  if (await openProject({ from: 'size', title: words.create.untitled, ...square, background: null })) openDeed('generate', { focus: true })
}
