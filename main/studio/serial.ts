/** Runs one piece of work at a time, in the order they were asked for. A failing one does not stop the next. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** True while something runs or waits. */
  get isBusy(): boolean {
    return this.#waiting > 0
  }

  run<T>(work: () => T | Promise<T>): Promise<T> {
    this.#waiting++
    const result = this.#last.then(work)
    this.#last = result.then(
      () => this.#waiting--,
      () => this.#waiting--,
    )
    return result
  }
}
