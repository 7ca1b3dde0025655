import { Filmstrip } from './drafts/filmstrip.tsx'
import { TaskBar } from './task-bar.tsx'

/** What floats under the picture: the verbs, and drafts to choose from. */
export function UnderPicture() {
  return (
    <div className="under-picture">
      <TaskBar />
      <Filmstrip />
    </div>
  )
}
