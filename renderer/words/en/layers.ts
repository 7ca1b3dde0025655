import type { BlendMode } from '../../../preload/contract/document.ts'

/** The layer list. */
export const layers = {
  layers: {
    none: 'No layers yet. Add one, or drop a picture.',
    blend: 'Blend mode',
    opacity: 'Opacity',
    show: (name: string) => `Show ${name}`,
    hide: (name: string) => `Hide ${name}`,
    lock: (name: string) => `Lock ${name}`,
    unlock: (name: string) => `Unlock ${name}`,
    editPixels: (name: string) => `Paint on ${name}`,
    editMask: (name: string) => `Paint on the mask of ${name}`,
    rename: 'Layer name',
    moved: (name: string, place: number) => `${name} is now number ${place} from the top.`,
    seed: (seed: number) => `seed ${seed}`,
    empty: 'empty',
    maskOff: 'mask off',
  },
  blend: {
    normal: 'Normal',
    multiply: 'Multiply',
    screen: 'Screen',
    overlay: 'Overlay',
    darken: 'Darken',
    lighten: 'Lighten',
    'color-dodge': 'Colour dodge',
    'color-burn': 'Colour burn',
    'hard-light': 'Hard light',
    'soft-light': 'Soft light',
    difference: 'Difference',
    exclusion: 'Exclusion',
    hue: 'Hue',
    saturation: 'Saturation',
    color: 'Colour',
    luminosity: 'Luminosity',
  } satisfies Record<BlendMode, string>,
} as const
