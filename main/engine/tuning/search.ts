import type { ModelProgress } from '../../../preload/contract/models.ts'
import { breathe } from '../breathe.ts'
import { withBeats } from './beats.ts'
import { counted } from './counted.ts'
import { fileOf } from './found.ts'
import { inWords } from './in-words.ts'
import type { Kind, Look } from './kind.ts'
import type { Settings } from './settings.ts'
import { nameOfSettings, writeKept } from './store.ts'
import type { Subject } from './subject.ts'
import { openBookmark } from './unfinished.ts'

/** Milliseconds after which the count of calls is told again, where one candidate takes long. */
const BEAT = 1000

const number = new Intl.NumberFormat('en-US')

/**
 * Runs one kind of tuning on a subject, keeps how far it is, and what it finds. It tells its cost before the first call.
 * @param folder of what is found for the model. @returns what the artist should know, a sentence each.
 * @throws FaultError `invalid` where there is nothing to find, `full`; the signal's reason once it is aborted.
 */
export async function* search<P extends Settings, S>(
  kind: Kind<P, S>,
  asked: Subject,
  params: P,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<ModelProgress, readonly string[], void> {
  const { subject, calls } = counted(asked)
  const workplace = { subject, params, folder }
  try {
    const budget = kind.calls(workplace)
    const key = nameOfSettings([params, subject.shape, subject.blocks, await kind.ground?.(workplace)])
    const bookmark = await openBookmark(folder, kind.name(params), key, kind.state)
    const before = bookmark.from?.calls ?? 0
    const progress = (label: string): ModelProgress => {
      const done = before + calls()
      return { label, done, of: Math.max(budget, done), unit: 'steps' }
    }
    yield progress(`At most ${number.format(budget)} network calls${before > 0 ? `, ${number.format(before)} of them made before` : ''}`)
    signal.throwIfAborted()
    const found = withBeats(kind.find(workplace, bookmark.from?.state, signal), BEAT)
    try {
      let next = await found.next()
      let look: Look<S> = { label: 'Looking' }
      for (; !next.done; next = await found.next()) {
        look = next.value ?? { label: look.label }
        const { label, state } = look
        if (state !== undefined) await bookmark.mark({ calls: before + calls(), state })
        yield progress(label)
        await breathe(signal)
      }
      await writeKept(folder, fileOf(next.value.found), next.value.found)
      await bookmark.remove()
      return [...bookmark.notes, ...next.value.notes, `It took ${number.format(before + calls())} network calls.`]
    } finally {
      await found.return(undefined as never)
      await bookmark.settle()
    }
  } catch (thrown) {
    throw inWords(thrown)
  }
}
