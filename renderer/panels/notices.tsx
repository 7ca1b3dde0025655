import { CircleAlert, CircleCheck, Info, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, IconButton } from '../design/button.tsx'
import { type Notice, useNotices } from '../studio/notices.ts'
import { words } from '../words/en.ts'
import './notices.css'

const ICONS = { bad: CircleAlert, good: CircleCheck, plain: Info } as const
/** Milliseconds a message stays that asks nothing of the artist, and more for each of its letters. Faults stay until dismissed. */
const STAY = 4000
const STAY_FOR_LETTER = 50

/** The messages in the corner. */
export function Notices() {
  const list = useNotices((notices) => notices.list)
  return (
    <div className="notices" role="log" aria-live="polite">
      {list.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  )
}

function NoticeCard({ notice }: { readonly notice: Notice }) {
  const dismiss = useNotices((notices) => notices.dismiss)
  const [held, setHeld] = useState(false)
  const { id, tone, what, why, todo, action } = notice
  const letters = [what, why, todo].join('').length
  useEffect(() => {
    if (tone === 'bad' || held) return
    const timer = window.setTimeout(() => dismiss(id), STAY + letters * STAY_FOR_LETTER)
    return () => window.clearTimeout(timer)
  }, [id, tone, letters, held, dismiss])
  const Icon = ICONS[tone]
  return (
    <article className={`notice ${tone}`} onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      <div className="notice-words">
        <strong>{what}</strong>
        {why && <p>{why}</p>}
        {todo && <p>{todo}</p>}
        {action && <Button onClick={() => action.run()}>{action.title}</Button>}
      </div>
      <IconButton icon={X} size={14} label={words.notices.dismiss} onClick={() => dismiss(id)} />
    </article>
  )
}
