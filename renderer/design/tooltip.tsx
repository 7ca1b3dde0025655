import { useEffect, useState } from 'react'
import './tooltip.css'

interface Tip {
  readonly text: string
  readonly keys: string | null
  readonly image: string | null
  readonly x: number
  readonly y: number
  readonly above: boolean
}

/** Milliseconds of rest before a tooltip shows. */
const REST = 450
/** CSS pixels of a line of text, of what lies around the text and between it and its target; letters that a line surely holds. */
const LINE = 15
const AROUND = 22
const LETTERS = 38
/** Of a tip with a picture. */
const PICTURED = 220
/** Half of the widest tooltip, to keep it in the window. */
const HALF = 140

function tipOf(element: Element): Tip | null {
  const target = element.closest<HTMLElement>('[data-tip]')
  const text = target?.dataset.tip
  if (!target || !text) return null
  const box = target.getBoundingClientRect()
  const height = target.dataset.tipImage ? PICTURED : AROUND + LINE * Math.ceil(text.length / LETTERS)
  const above = box.bottom + height > window.innerHeight
  const middle = box.left + box.width / 2
  return {
    text,
    keys: target.dataset.keys || null,
    image: target.dataset.tipImage || null,
    x: Math.max(HALF, Math.min(window.innerWidth - HALF, middle)),
    y: above ? box.top - 6 : box.bottom + 6,
    above,
  }
}

/** Shows the `data-tip`, `data-keys` and `data-tip-image` of whatever the pointer rests on or the keyboard reaches. One for the whole page. */
export function Tooltips() {
  const [tip, setTip] = useState<Tip | null>(null)
  useEffect(() => {
    let timer: number | undefined
    const later = (element: Element) => {
      window.clearTimeout(timer)
      timer = window.setTimeout(() => setTip(tipOf(element)), REST)
    }
    const hide = () => {
      window.clearTimeout(timer)
      setTip(null)
    }
    const over = ({ target }: PointerEvent) => {
      hide()
      if (target instanceof Element && target.closest('[data-tip]')) later(target)
    }
    const focus = ({ target }: FocusEvent) => {
      if (target instanceof Element && target.matches(':focus-visible')) later(target)
    }
    document.addEventListener('pointerover', over)
    document.addEventListener('focusin', focus)
    for (const type of ['pointerdown', 'keydown', 'focusout', 'scroll'] as const) document.addEventListener(type, hide, true)
    return () => {
      hide()
      document.removeEventListener('pointerover', over)
      document.removeEventListener('focusin', focus)
      for (const type of ['pointerdown', 'keydown', 'focusout', 'scroll'] as const) document.removeEventListener(type, hide, true)
    }
  }, [])
  if (!tip) return null
  return (
    <div
      className={`tooltip ${tip.above ? 'above' : ''} ${tip.image ? 'pictured' : ''}`}
      role="tooltip"
      style={{ left: tip.x, top: tip.y }}
    >
      {tip.image && <img src={tip.image} alt="" />}
      {tip.text}
      {tip.keys && <kbd>{tip.keys}</kbd>}
    </div>
  )
}
