import sharp from 'sharp'

/** Where the two objects of a scene lie, as shares of its width and height. */
export const DISC = { x: 0.3, y: 0.5, radius: 0.22 } as const
export const BOX = { x: 0.6, y: 0.35, width: 0.22, height: 0.35 } as const

/** A table with a red disc and a blue box on it, far from each other: two things that anybody would tell apart. */
export function sceneOfTwo(width: number, height: number): Promise<Buffer> {
  const disc = `<circle cx="${width * DISC.x}" cy="${height * DISC.y}" r="${height * DISC.radius}" fill="#b33a2e"/>`
  const box = `<rect x="${width * BOX.x}" y="${height * BOX.y}" width="${width * BOX.width}" height="${height * BOX.height}" rx="6" fill="#2e5fb3"/>`
  const table = `<linearGradient id="table" x2="0" y2="1"><stop offset="0" stop-color="#d8d2c4"/><stop offset="1" stop-color="#a58d6f"/></linearGradient>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${table}</defs><rect width="100%" height="100%" fill="url(#table)"/>${disc}${box}</svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}

/** Pixels from a position to the nearer of the two objects; 0 within one. */
function awayFromBoth(x: number, y: number, width: number, height: number): number {
  const disc = Math.hypot(x - width * DISC.x, y - height * DISC.y) - height * DISC.radius
  const beside = (at: number, from: number, length: number) => Math.max(from - at, at - from - length, 0)
  const box = Math.hypot(beside(x, width * BOX.x, width * BOX.width), beside(y, height * BOX.y, height * BOX.height))
  return Math.max(0, Math.min(disc, box))
}

/** How many pixels of a scene differ: within the two objects, and further from both than a margin. */
export function changesIn(
  before: Uint8Array,
  after: Uint8Array,
  { width, height, margin }: { readonly width: number; readonly height: number; readonly margin: number },
): { readonly inside: number; readonly outside: number } {
  let [inside, outside] = [0, 0]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = 4 * (y * width + x)
      if ([0, 1, 2, 3].every((c) => before[i + c] === after[i + c])) continue
      const away = awayFromBoth(x + 0.5, y + 0.5, width, height)
      if (away === 0) inside++
      else if (away > margin) outside++
    }
  return { inside, outside }
}
