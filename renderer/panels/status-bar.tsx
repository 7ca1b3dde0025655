import { useProject } from '../studio/project.ts'
import { useView } from '../studio/view.ts'
import { tools } from '../tools/index.ts'
import { percent } from '../words/amounts.ts'
import { words } from '../words/en.ts'
import './status-bar.css'

/** Size, profile and depth, zoom, position, and one line of help for the tool in hand. */
export function StatusBar() {
  const document = useProject(({ state }) => state?.document)
  const zoom = useView((view) => view.zoom)
  const pointer = useView((view) => view.pointer)
  const help = useView((view) => view.help)
  const tool = useView((view) => view.tool)
  return (
    <footer className="status-bar">
      {document && (
        <>
          <span>{words.status.size(document.width, document.height)}</span>
          <span>{document.profile ? words.status.embedded : words.status.profile}</span>
          <span className="status-zoom">{percent(zoom)}</span>
          <span className="status-position">{pointer && words.status.position(Math.floor(pointer.x), Math.floor(pointer.y))}</span>
        </>
      )}
      <span className="status-help truncate">{document ? help || tools.find(({ id }) => id === tool)?.help : words.status.start}</span>
    </footer>
  )
}
