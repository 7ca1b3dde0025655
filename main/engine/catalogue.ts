import { z } from 'zod'
import type { MethodCard } from '../../preload/contract/catalog.ts'
import { methods } from '../algorithms/index.ts'

/** Every method of the registry as its declaration tells it, its knobs as JSON Schema. */
export function methodCards(): MethodCard[] {
  return methods.map(({ id, role, title, summary, paper, params }) => ({
    id,
    role,
    title,
    summary,
    paper: { ...paper },
    params: z.toJSONSchema(params, { io: 'input' }) as MethodCard['params'],
  }))
}
