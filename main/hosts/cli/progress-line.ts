import type { WriteStream } from 'node:tty'
import type { Job } from '../../../preload/contract/event.ts'

/** How far a job is, on standard error, so that standard output holds the result alone. */
export interface ProgressLine extends Disposable {
  show(job: Job): void
}

/** On a terminal one line that rewrites itself; elsewhere a line for every change of words, and at most one for every tenth. */
export function progressLine(stream: Pick<WriteStream, 'write' | 'isTTY' | 'columns'>): ProgressLine {
  let shown = ''
  let told = ''
  return {
    show({ label, status, progress }) {
      const share = progress ? progress.step / progress.steps : 0
      const left = progress?.left == null ? '' : `, ${Math.ceil(progress.left)} s left`
      const text = progress ? `${label}: ${progress.label}, ${Math.round(share * 100)} %${left}` : `${label}: ${status}`
      if (stream.isTTY) {
        if (text !== shown) stream.write(`\r\u001b[K${text.slice(0, Math.max(20, stream.columns - 1))}`)
        shown = text
        return
      }
      const words = `${label}: ${progress?.label ?? status} ${Math.floor(share * 10)}`
      if (words !== told) stream.write(`${text}\n`)
      told = words
    },
    [Symbol.dispose]() {
      if (shown) stream.write('\r\u001b[K')
      shown = ''
    },
  }
}
