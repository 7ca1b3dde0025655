import type { LucideIcon } from 'lucide-react'
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import './button.css'

type Native = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'title' | 'className'>

interface ButtonProps extends Native {
  readonly look?: 'plain' | 'primary' | 'quiet' | 'danger'
  readonly icon?: LucideIcon
  readonly children: ReactNode
  readonly className?: string
  /** Shown in the tooltip. */
  readonly tip?: string
  readonly keys?: string | undefined
  readonly ref?: Ref<HTMLButtonElement>
}

/** A button with words on it. */
export function Button({ look = 'plain', icon: Icon, children, className = '', tip, keys, ...native }: ButtonProps) {
  return (
    <button type="button" {...native} className={`button ${look} ${className}`} data-tip={tip} data-keys={keys}>
      {Icon && <Icon size={16} strokeWidth={1.75} aria-hidden />}
      {children}
    </button>
  )
}

interface IconButtonProps extends Native {
  readonly icon: LucideIcon
  /** Its accessible name, and its tooltip. */
  readonly label: string
  /** A longer tooltip than the name. */
  readonly tip?: string | undefined
  readonly keys?: string | undefined
  readonly active?: boolean
  readonly size?: number
  readonly className?: string
  readonly ref?: Ref<HTMLButtonElement>
}

/** A button with a picture on it. Its tooltip says what it does and which key does the same. */
export function IconButton({ icon: Icon, label, tip, keys, active, size = 16, className = '', ...native }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      {...native}
      className={`icon-button ${active ? 'active' : ''} ${className}`}
      data-tip={tip ?? label}
      data-keys={keys}
    >
      <Icon size={size} strokeWidth={1.75} aria-hidden />
    </button>
  )
}
