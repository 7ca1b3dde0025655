import type { Layer } from '../../preload/contract/document.ts'

/** The read-out that matters after a restoration: how well its colours and large shapes agree with what it was given. */
function readOut({ recipe }: Layer): string {
  const consistency = recipe?.measures.consistency
  return consistency === undefined ? '' : ` · true to the original ${consistency.toFixed(1)} dB`
}

/** Every sentence an artist reads on the canvas. */
export const canvasWords = {
  canvas: (title: string, zoom: number): string =>
    `Picture “${title}”, shown at ${Math.round(zoom * 100)} %. Arrow keys move the view, plus and minus zoom.`,
  menu: 'Picture',
  before: 'Before',
  after: (layer: Layer): string => `After${readOut(layer)}`,
  divider: 'Before and after',
  dividerAt: (position: number): string => `${Math.round(position * 100)} % of the width shows the picture before`,
} as const
