import { z } from 'zod'
import type { MethodCard } from '../../preload/contract/catalog.ts'
import { methods } from '../algorithms/index.ts'
import { imaginations } from './imagination/index.ts'
import { tunings } from './tuning/tune.ts'

/**
 * Every method as its declaration tells it, its knobs as JSON Schema: those of the registry, then the ways to make pictures from words,
 * then what can be found for a model.
 */
export function methodCards(): MethodCard[] {
  return [...methods, ...imaginations, ...tunings].map(({ id, role, title, summary, paper, params }) => ({
    id,
    role,
    title,
    summary,
    paper: { ...paper },
    params: z.toJSONSchema(params, { io: 'input' }) as MethodCard['params'],
  }))
}
