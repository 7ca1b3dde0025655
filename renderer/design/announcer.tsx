import { create } from 'zustand'

const useAnnouncement = create(() => ({ text: '' }))

/** Tells those who do not see the screen what has just changed on it. */
export const announce = (text: string): void => useAnnouncement.setState({ text })

/** Where screen readers hear it. One for the whole page. */
export function Announcer() {
  const text = useAnnouncement((announcement) => announcement.text)
  return (
    <p className="sr-only" aria-live="polite">
      {text}
    </p>
  )
}
