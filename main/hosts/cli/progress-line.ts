import type { WriteStream } from 'node:tty'
import type { Job } from '../../../preload/contract/event.ts'

type Terminal = Pick<WriteStream, 'write' | 'isTTY' | 'columns'>

/** How far a job is, on standard error, so that standard output holds the result alone. */
export interface ProgressLine extends Disposable {
  show(job: Job): void
}

/** One line that rewrites itself on a terminal; elsewhere a line for every change of the gist. */
export interface StatusLine extends Disposable {
  say(text: string, gist: string): void
}

export function statusLine(stream: Terminal): StatusLine {
  let shown = ''
  let told = ''
  return {
    say(text, gist) {
      if (stream.isTTY) {
        if (text !== shown) stream.write(`\r\u001b[K${text.slice(0, Math.max(20, stream.columns - 1))}`)
        shown = text
        return
      }
      if (gist !== told) stream.write(`${text}\n`)
      told = gist
    },
    [Symbol.dispose]() {
      if (shown) stream.write('\r\u001b[K')
      shown = ''
    },
  }
}

/** Elsewhere than on a terminal it tells every change of words, and at most every tenth. */
export function progressLine(stream: Terminal): ProgressLine {
  const line = statusLine(stream)
  return {
    show({ label, status, progress }) {
      const share = progress ? progress.step / progress.steps : 0
      const left = progress?.left == null ? '' : `, ${Math.ceil(progress.left)} s left`
      const text = progress ? `${label}: ${progress.label}, ${Math.round(share * 100)} %${left}` : `${label}: ${status}`
      line.say(text, `${label}: ${progress?.label ?? status} ${Math.floor(share * 10)}`)
    },
    [Symbol.dispose]: () => line[Symbol.dispose](),
  }
}
