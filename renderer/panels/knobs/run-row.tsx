import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../design/button.tsx'
import { duration } from '../../words/amounts.ts'
import { words } from '../../words/en.ts'
import type { Forecast } from './forecast.ts'

interface RunRowProps {
  readonly icon: LucideIcon
  readonly title: string
  readonly tip: string
  readonly keys?: string | undefined
  /** Why it cannot be done now, in a sentence; null when it can. */
  readonly obstacle: string | null
  /** Network calls it will take, where that can be told. */
  readonly calls?: number | null
  /** What it will cost, as far as this machine has measured; null before the first run. */
  readonly forecast: Forecast | null
  /** How many will be made. */
  readonly count?: number
  /** Stands beside the button. */
  readonly children?: ReactNode
  run(): void
}

/** The button that begins something long, and at its foot what that will cost. */
export function RunRow({ icon, title, tip, keys, obstacle, calls, forecast, count = 1, children, run }: RunRowProps) {
  return (
    <div className="run-row">
      <div className="run-line">
        <Button look="primary" icon={icon} disabled={obstacle !== null} tip={obstacle ?? tip} keys={keys} onClick={run}>
          {title}
        </Button>
        {children}
      </div>
      <p className="run-foot">{obstacle ?? costOf(calls ?? forecast?.calls ?? null, forecast, count)}</p>
    </div>
  )
}

/** "≈ 158 network calls · about 41 s", as far as it is known. */
function costOf(calls: number | null, forecast: Forecast | null, count: number): string {
  const time = forecast && duration(forecast.seconds * count)
  const told = time === null ? words.knobs.unmeasured : forecast?.isRough ? words.knobs.roughly(time) : words.knobs.seconds(time)
  return calls === null ? told : `≈ ${words.knobs.calls(calls * count)} · ${told}`
}
