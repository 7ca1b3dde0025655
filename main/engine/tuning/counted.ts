import type { Subject } from './subject.ts'

/** A subject whose network calls are counted, for the progress. */
export function counted(subject: Subject): { readonly subject: Subject; readonly calls: () => number } {
  let calls = 0
  return {
    calls: () => calls,
    subject: {
      ...subject,
      caseOf(k) {
        const { x, denoise, skipping } = subject.caseOf(k)
        return {
          x,
          denoise: (state, node, signal) => {
            calls += subject.callsPerAnswer
            return denoise(state, node, signal)
          },
          skipping:
            skipping &&
            ((skipAt) => {
              const inner = skipping(skipAt)
              return (state, node, signal) => {
                calls += subject.callsPerAnswer
                return inner(state, node, signal)
              }
            }),
        }
      },
    },
  }
}
