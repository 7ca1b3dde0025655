import { isMainThread } from 'node:worker_threads'

// One entry, two threads: this process's main thread answers the studio, and the thread it starts from
// this same file holds the ONNX sessions, whose calls block. Each loads only what it needs.
if (isMainThread) {
  const { serveEngine } = await import('./service.ts')
  serveEngine(new URL(import.meta.url))
} else {
  const { serveSessions } = await import('./sessions/thread.ts')
  serveSessions()
}
