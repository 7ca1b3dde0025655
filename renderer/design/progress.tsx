import './progress.css'

/** A bar that always has a number: 0..1. */
export function Progress({ label, value }: { readonly label: string; readonly value: number }) {
  const percent = Math.round(value * 100)
  return (
    <div className="progress" role="progressbar" aria-label={label} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100}>
      <div style={{ width: `${percent}%` }} />
    </div>
  )
}

/** The same as a ring, for the top bar. */
export function ProgressRing({ value }: { readonly value: number | null }) {
  const length = 2 * Math.PI * 6
  return (
    <svg className="progress-ring" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="6" />
      {value !== null && <circle className="done" cx="8" cy="8" r="6" strokeDasharray={`${length * value} ${length}`} />}
    </svg>
  )
}
