import { type FaultError, fault } from '../../../preload/contract/fault.ts'
import type { Emitter } from './emitter.ts'
import type { Node } from './file/model.ts'

/** A node whose derivative is wanted. */
export interface Use {
  readonly node: Node
  /** Names of its inputs and outputs. */
  readonly x: readonly string[]
  readonly y: string
  /** The gradient with respect to its first output. */
  readonly g: string
  /** The gradients of all its outputs; undefined where nothing depends on one. */
  readonly gs: readonly (string | undefined)[]
  readonly b: Emitter
}

/**
 * The derivative of an operator: for each input, how to emit the gradient with respect to it. Only those that are wanted are
 * called. Nothing for an input means that its derivative is not known; a function that gives nothing, that none flows there.
 */
export type Rule = (use: Use) => readonly ((() => string | undefined) | undefined)[]
export type Rules = Readonly<Record<string, Rule>>

/** What to say when a node stands in the way. */
export const refusal = (node: Node, because: string): FaultError =>
  fault(
    'unsupported',
    'The gradient of this model cannot be built.',
    `Its node "${node.name || node.outputs[0]}" uses the operator "${node.domain ? `${node.domain}.` : ''}${node.op}", ${because}.`,
    'Use another model, or a method that needs no gradient.',
  )
