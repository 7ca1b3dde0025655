/** A file of golden vectors: what goes in, and what an independent reference got out of it. */
export interface Vector {
  readonly about?: string
  readonly tolerance: Readonly<Record<string, number>>
  /** Shared by all cases. */
  readonly inputs?: Inputs
  readonly cases: readonly Case[]
}

export interface Case {
  readonly operator?: string
  readonly settings?: Inputs
  readonly inputs?: Inputs
  /** Its keys also say what is asked for, where they hold numbers (steps, times). */
  readonly expected: Inputs
}

// biome-ignore lint/suspicious/noExplicitAny: the vectors are JSON of many shapes; each adapter knows its own.
export type Inputs = Readonly<Record<string, any>>

/**
 * One system beside its vectors: computes from settings and inputs, by the product's code, the value of every key that the
 * case expects. The runner compares the two, key by key.
 */
export interface Adapter {
  /** Name of its files: `NAME.json`, `NAME-anything.json`. */
  readonly name: string
  /** Are these its vectors, whatever the file is called? */
  recognises?(vector: Vector): boolean
  compute(one: Case, vector: Vector): Inputs | Promise<Inputs>
  /** Largest difference allowed at a path of keys such as `euler.5`; the file's `abs` unless given. */
  tolerance?(path: string, vector: Vector): number
}

/** A system whose files have a form of their own: it says itself what differs, one sentence each, and looks at every key expected. */
export interface FileAdapter {
  readonly name: string
  /** Is a file of any name one of these? */
  recognises?(file: Inputs): boolean
  check(file: Inputs): Promise<readonly string[]>
}

/**
 * Settings of a file that its adapter does not choose by: sizes that follow from the data, rules that the product has but one of.
 * @throws RangeError where one is there and says something else, so that nothing is compared with another rule's numbers.
 */
export function assume(settings: Inputs | undefined, rules: Inputs): void {
  for (const [key, rule] of Object.entries(rules)) {
    const value = settings?.[key]
    if (value !== undefined && JSON.stringify(value) !== JSON.stringify(rule))
      throw new RangeError(`The setting ${key} is ${JSON.stringify(value)}; only ${JSON.stringify(rule)} is known.`)
  }
}

/** Defaults with what a case says instead. @throws RangeError where it says what the defaults do not know. */
export function chosenOf(defaults: Inputs, options: Inputs): Inputs {
  for (const key of Object.keys(options)) if (!(key in defaults)) throw new RangeError(`There is no setting ${key}.`)
  return { ...defaults, ...options }
}
