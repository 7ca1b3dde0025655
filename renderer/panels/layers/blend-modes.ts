import { BlendMode } from '../../../preload/contract/document.ts'
import { words } from '../../words/en.ts'

/** The sixteen modes by what they do to the picture, as other editors group them. */
export const BLEND_GROUPS: readonly (readonly BlendMode[])[] = [
  ['normal'],
  ['darken', 'multiply', 'color-burn'],
  ['lighten', 'screen', 'color-dodge'],
  ['overlay', 'soft-light', 'hard-light'],
  ['difference', 'exclusion'],
  ['hue', 'saturation', 'color', 'luminosity'],
]

export const BLEND_OPTIONS = BlendMode.options.map((value) => ({ value, title: words.blend[value] }))
