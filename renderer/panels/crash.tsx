import { Component, type ReactNode } from 'react'
import { Button } from '../design/button.tsx'
import { words } from '../words/en.ts'
import './crash.css'

/** Stands in for a window whose drawing has failed: a defect of ours, told in words. */
export class Crash extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <main className="crash" role="alert">
        <h1>{words.crash.what}</h1>
        <p>{words.crash.why}</p>
        <p>{words.crash.todo}</p>
        <Button look="primary" onClick={() => window.location.reload()}>
          {words.crash.reload}
        </Button>
      </main>
    )
  }
}
