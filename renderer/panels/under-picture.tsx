import { useDrafts } from '../studio/drafts.ts'
import { Filmstrip } from './drafts/filmstrip.tsx'
import { TaskBar } from './task-bar.tsx'

/** What floats under the picture: the verbs, or drafts while there are some to choose from. */
export function UnderPicture() {
  const isChoosing = useDrafts() !== null
  return (
    <div className="under-picture">
      {!isChoosing && <TaskBar />}
      <Filmstrip />
    </div>
  )
}
