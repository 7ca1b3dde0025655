import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../design/button.tsx'
import { duration } from '../../words/amounts.ts'
import { words } from '../../words/en.ts'

interface RunRowProps {
  readonly icon: LucideIcon
  readonly title: string
  readonly tip: string
  readonly keys?: string | undefined
  /** Why it cannot be done now, in a sentence; null when it can. */
  readonly obstacle: string | null
  /** Network calls it will take, and seconds for each: null before the first run has told. */
  readonly cost: { readonly calls: number; readonly each: number | null }
  /** Stands beside the button. */
  readonly children?: ReactNode
  run(): void
}

/** The button that begins something long, and at its foot what that will cost. */
export function RunRow({ icon, title, tip, keys, obstacle, cost, children, run }: RunRowProps) {
  const time = cost.each === null ? words.knobs.unmeasured : words.knobs.seconds(duration(cost.each * cost.calls))
  return (
    <div className="run-row">
      <div className="run-line">
        <Button look="primary" icon={icon} disabled={obstacle !== null} tip={obstacle ?? tip} keys={keys} onClick={run}>
          {title}
        </Button>
        {children}
      </div>
      <p className="run-foot">{obstacle ?? `≈ ${words.knobs.calls(cost.calls)} · ${time}`}</p>
    </div>
  )
}
