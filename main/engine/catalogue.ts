import { z } from 'zod'
import type { MethodCard } from '../../preload/contract/catalog.ts'
import { methods } from '../algorithms/index.ts'
import { imaginations } from './imagination/index.ts'

/** Every method as its declaration tells it, its knobs as JSON Schema: those of the registry, then the ways to make pictures from words. */
export function methodCards(): MethodCard[] {
  return [...methods, ...imaginations].map(({ id, role, title, summary, paper, params }) => ({
    id,
    role,
    title,
    summary,
    paper: { ...paper },
    params: z.toJSONSchema(params, { io: 'input' }) as MethodCard['params'],
  }))
}
