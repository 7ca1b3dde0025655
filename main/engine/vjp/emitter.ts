import { type Attribute, type Constant, FLOAT, INT64, type Model, type Node } from './file/model.ts'
import { makeConstant } from './file/write.ts'
import type { Dims } from './shapes/dim.ts'
import { Facts } from './shapes/facts.ts'

/** Plain values as attributes; whole numbers are integers, so a float is given as `{ float }`. */
export type Plain = number | string | readonly number[] | { readonly float: number } | Attribute

/** Writes the nodes of the gradient after those of the model. Values are known by their names. */
export class Emitter {
  readonly facts: Facts
  readonly nodes: Node[] = []
  readonly constants: Constant[] = []
  readonly #prefix: string
  readonly #known = new Map<string, string>()
  #count = 0

  constructor(model: Model) {
    this.facts = new Facts(model)
    const names = new Set(
      [...model.graph.nodes.flatMap(({ outputs }) => outputs), ...model.graph.constants.map(({ name }) => name)].map((name) =>
        name.slice(0, name.indexOf('.')),
      ),
    )
    let round = 1
    while (names.has(`vjp${round}`)) round++
    this.#prefix = `vjp${round}`
  }

  /** Emits a node with several outputs. */
  emitAll(op: string, inputs: readonly string[], outputs: number, attributes: Readonly<Record<string, Plain>> = {}): string[] {
    const names = Array.from({ length: outputs }, () => this.#fresh(op))
    const [name = ''] = names
    const held = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, attributeOf(value)]))
    this.nodes.push({ op, domain: '', name, inputs, outputs: names, attributes: held, rest: [] })
    return names
  }

  /** Emits a node and names its output. */
  emit(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Plain>> = {}): string {
    return this.emitAll(op, inputs, 1, attributes)[0] as string
  }

  add = (a: string, b: string): string => this.emit('Add', [a, b])
  sub = (a: string, b: string): string => this.emit('Sub', [a, b])
  mul = (a: string, b: string): string => this.emit('Mul', [a, b])
  div = (a: string, b: string): string => this.emit('Div', [a, b])
  one = (op: string, x: string): string => this.emit(op, [x])

  /** A float32 scalar. */
  scalar(value: number): string {
    return this.#once(`scalar ${value}`, () => this.#constant([], Float32Array.of(value)))
  }
  /** An integer vector. */
  ints(values: readonly number[]): string {
    return this.#once(`ints ${values}`, () => this.#constant([values.length], BigInt64Array.from(values, BigInt)))
  }
  /** An integer scalar. */
  int(value: number): string {
    return this.#once(`int ${value}`, () => this.#constant([], BigInt64Array.of(BigInt(value))))
  }

  /** The shape of a value, or its sides from `start` to before `end`, as an integer vector. Taken from values that came before, where it can be: then this one is not needed for it. */
  shapeOf(x: string, start = 0, end?: number): string {
    const sides = this.facts.shape(x)?.slice(start, end)
    if (sides?.every((side) => typeof side === 'number')) return this.ints(sides)
    const origins = sides?.map((side) => (typeof side === 'number' ? side : this.facts.origin(side)))
    if (origins?.every((origin) => origin !== undefined) && origins.some((origin) => typeof origin !== 'number' && origin.name !== x))
      return this.#once(`sides ${sides}`, () =>
        this.vector(
          ...origins.map((origin) => (typeof origin === 'number' ? origin : this.#shape(origin.name, origin.axis, origin.axis + 1))),
        ),
      )
    return this.#shape(x, start, end)
  }
  #shape(x: string, start: number, end: number | undefined): string {
    const attributes: Record<string, number> = { ...(start === 0 ? {} : { start }), ...(end === undefined ? {} : { end }) }
    return this.#once(`shape ${start} ${end} ${x}`, () => this.emit('Shape', [x], attributes))
  }
  /** The length of one axis, as a vector of one integer. Negative axes count from the end. */
  side(x: string, axis: number): string {
    return this.shapeOf(x, axis, axis === -1 ? undefined : axis + 1)
  }
  /** The number of elements, as a vector of one integer. */
  sizeOf(x: string): string {
    const shape = this.facts.shape(x)
    if (shape?.every((side) => typeof side === 'number'))
      return this.ints([shape.reduce<number>((size, side) => size * (side as number), 1)])
    return this.unsqueeze(this.one('Size', x), [0])
  }
  /** 0, 1, 2… up to before a number given as a vector of one integer. */
  upTo = (end: string): string => this.emit('Range', [this.int(0), this.squeeze(end, [0]), this.int(1)])
  concat(parts: readonly string[], axis = 0): string {
    return parts.length === 1 ? (parts[0] as string) : this.emit('Concat', parts, { axis })
  }
  /** An integer vector put together from numbers and vectors. */
  vector(...parts: readonly (number | string)[]): string {
    if (parts.every((part) => typeof part === 'number')) return this.ints(parts)
    return this.concat(parts.map((part) => (typeof part === 'number' ? this.ints([part]) : part)))
  }

  reshape = (x: string, shape: string): string => this.emit('Reshape', [x, shape])
  /** Gives `x` the shape of `like`, which has as many elements. */
  reshapeLike = (x: string, like: string): string => this.reshape(x, this.shapeOf(like))
  transpose(x: string, perm: readonly number[]): string {
    return perm.every((axis, i) => axis === i) ? x : this.emit('Transpose', [x], { perm })
  }
  /** Exchanges the last two of `rank` axes. */
  flip(x: string, rank: number): string {
    return this.transpose(x, [...Array(rank - 2).keys(), rank - 1, rank - 2])
  }
  unsqueeze = (x: string, axes: readonly number[]): string => this.emit('Unsqueeze', [x, this.ints(axes)])
  squeeze = (x: string, axes: readonly number[]): string => this.emit('Squeeze', [x, this.ints(axes)])

  sum(x: string, axes: readonly number[], keepdims = true): string {
    return this.emit('ReduceSum', [x, this.ints(axes)], { keepdims: Number(keepdims) })
  }
  /** ReduceMean, ReduceMax…: their axes were an attribute before opset 18. Axes stay, with length 1. */
  reduce(op: string, x: string, axes: readonly number[]): string {
    return this.facts.opset >= 18 ? this.emit(op, [x, this.ints(axes)]) : this.emit(op, [x], { axes })
  }
  mean = (x: string, axes: readonly number[]): string => this.reduce('ReduceMean', x, axes)

  /** A float32 constant everywhere, in the shape given by an integer vector. */
  filled(shape: string, value = 0): string {
    const tensor = makeConstant('', [1], Float32Array.of(value))
    return this.emit('ConstantOfShape', [shape], { value: { type: 'tensor', value: tensor } })
  }
  zerosLike = (x: string): string => this.filled(this.shapeOf(x))
  /** 1 where a condition holds, 0 elsewhere. */
  indicator = (condition: string): string => this.emit('Cast', [condition], { to: FLOAT })

  /**
   * Undoes a broadcast: sums a gradient over the axes along which `from` was stretched to `to`.
   * @param to the shape of `g`, or a value that has it.
   */
  fit(g: string, to: string | Dims | undefined, from: string): string {
    const wide = typeof to === 'string' ? this.facts.shape(to) : to
    const narrow = this.facts.shape(from)
    const axes = wide && narrow && stretchedAxes(wide, narrow)
    const extra = wide && narrow && wide.length - narrow.length
    if (!axes || extra === undefined)
      return this.#fitLater(g, typeof to === 'string' ? this.shapeOf(to) : this.emit('Shape', [g]), from, extra)
    if (axes.length === 0) return g
    if (axes.length === extra) return this.sum(g, axes, false)
    const summed = this.sum(g, axes)
    return extra > 0
      ? this.squeeze(
          summed,
          axes.filter((axis) => axis < extra),
        )
      : summed
  }

  /** The same, with the axes found while the model runs. */
  #fitLater(g: string, wide: string, from: string, extra: number | undefined): string {
    const narrow = this.shapeOf(from)
    const differs = this.one('Not', this.emit('Equal', [wide, extra === 0 ? narrow : this.concat([this.#ones(wide, narrow), narrow])]))
    const axes = this.reshape(this.one('NonZero', this.emit('Cast', [differs], { to: INT64 })), this.ints([-1]))
    const summed = this.emit('ReduceSum', [g, axes], { keepdims: 1, noop_with_empty_axes: 1 })
    return extra === 0 ? summed : this.reshape(summed, narrow)
  }
  /** As many ones as one shape has more axes than the other. */
  #ones(wide: string, narrow: string): string {
    const one = makeConstant('', [1], BigInt64Array.of(1n))
    const missing = this.sub(this.one('Shape', wide), this.one('Shape', narrow))
    return this.emit('ConstantOfShape', [missing], { value: { type: 'tensor', value: one } })
  }

  #fresh(op: string): string {
    return `${this.#prefix}.${op}.${this.#count++}`
  }
  #constant(shape: readonly number[], values: Float32Array | BigInt64Array): string {
    const name = this.#fresh('constant')
    this.constants.push(makeConstant(name, shape, values))
    return name
  }
  #once(key: string, make: () => string): string {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const name = make()
    this.#known.set(key, name)
    return name
  }
}

/** Axes of the wide shape that must be summed to get the narrow one; undefined where that is not known. */
function stretchedAxes(wide: Dims, narrow: Dims): number[] | undefined {
  const extra = wide.length - narrow.length
  const axes: number[] = []
  for (const [axis, side] of wide.entries()) {
    const own = axis < extra ? 1 : narrow[axis - extra]
    if (axis < extra || (own === 1 && side !== 1)) axes.push(axis)
    else if (typeof own === 'string' && own !== side) return undefined
  }
  return axes
}

function attributeOf(value: Plain): Attribute {
  if (typeof value === 'number') return { type: 'int', value }
  if (typeof value === 'string') return { type: 'string', value }
  if ('float' in value) return { type: 'float', value: value.float }
  if ('type' in value) return value
  return { type: 'ints', value }
}
