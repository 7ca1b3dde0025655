/** Amounts as an artist reads them. */

/** "12 s", "2 min 5 s", "under a second". */
export function duration(seconds: number): string {
  if (seconds < 1) return 'under a second'
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const rest = whole % 60
  return rest === 0 ? `${Math.floor(whole / 60)} min` : `${Math.floor(whole / 60)} min ${rest} s`
}

/** "640 B", "12 KB", "3.4 MB", "1.2 GB"; decimal units, as file managers show them. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`
  const units = ['KB', 'MB', 'GB', 'TB'] as const
  let value = count / 1000
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`

/** "09:14" today, "3 Nov" before, "3 Nov 2025" in another year. */
export function moment(at: number, now = Date.now()): string {
  const date = new Date(at)
  const today = new Date(now)
  if (date.toDateString() === today.toDateString()) return date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  const sameYear = date.getFullYear() === today.getFullYear()
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) })
}
