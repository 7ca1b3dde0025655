import { fault } from '../../../preload/contract/fault.ts'
import type { PlacedRegion } from '../../../preload/contract/region.ts'
import type { RegionContext, RegionMask } from './region-mask.ts'

type Thing = Extract<PlacedRegion, { from: 'thing' }>

/** What the thing under the artist's points covers, as the layer itself tells. */
export async function thingMask(_thing: Thing, _context: RegionContext, _signal: AbortSignal): Promise<RegionMask> {
  throw fault('unsupported', 'The thing cannot be found.', 'This studio cannot look for things yet.', 'Draw a line around it instead.')
}
