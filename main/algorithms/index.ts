import { pmrf } from './restoration/methods/pmrf.ts'
import { blur } from './restoration/operators/blur.ts'
import { fourier } from './restoration/operators/fourier.ts'
import { grey } from './restoration/operators/grey.ts'
import { mask } from './restoration/operators/mask.ts'
import { radon } from './restoration/operators/radon.ts'
import { resize } from './restoration/operators/resize.ts'

/** Every method of the studio, sorted by id. */
export const methods = [blur, fourier, grey, mask, pmrf, radon, resize] as const

export type AnyMethod = (typeof methods)[number]
export type MethodId = AnyMethod['id']

/** The method of that id, if there is one. */
export const methodOf = (id: string): AnyMethod | undefined => methods.find((method) => method.id === id)

/** The methods that restore a picture: what `layer.restore` can name. */
export const restorers = methods.filter((method) => method.role === 'restorer')
/** The linear maps that are known to damage pictures. */
export const operators = methods.filter((method) => method.role === 'operator')
