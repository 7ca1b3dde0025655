import { words } from '../words/en.ts'

/** Sizes to begin with, in pixels. */
export const SIZES = [
  { title: words.sizes.screen, width: 1920, height: 1080 },
  { title: words.sizes.square, width: 2048, height: 2048 },
  { title: words.sizes.photo, width: 4000, height: 3000 },
  { title: words.sizes.a4, width: 2480, height: 3508 },
] as const
