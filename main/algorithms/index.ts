import { pmrf } from './restoration/methods/pmrf.ts'

/** Every method of the studio, sorted by id. */
export const methods = [pmrf] as const

export type AnyMethod = (typeof methods)[number]
export type MethodId = AnyMethod['id']

/** The method of that id, if there is one. */
export const methodOf = (id: string): AnyMethod | undefined => methods.find((method) => method.id === id)

/** The methods that restore a picture: what `layer.restore` can name. */
export const restorers = methods.filter((method) => method.role === 'restorer')
