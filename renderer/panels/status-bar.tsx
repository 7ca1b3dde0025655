import { keysOf } from '../actions/index.ts'
import { type MenuItem, openMenu } from '../design/menu.tsx'
import { useProject } from '../studio/project.ts'
import { useView } from '../studio/view.ts'
import { tools } from '../tools/index.ts'
import { percent } from '../words/amounts.ts'
import { words } from '../words/en.ts'
import './status-bar.css'

const ZOOMS = [0.25, 0.5, 1, 2, 4]

/** Ways to look at the picture; those with a key are actions. */
function zoomItems(): MenuItem[] {
  const { requestZoom } = useView.getState()
  return [
    { title: words.actions['view.fit'], keys: keysOf('view.fit'), run: () => requestZoom('fit') },
    ...ZOOMS.map(
      (zoom, at): MenuItem => ({
        title: percent(zoom),
        apart: at === 0,
        run: () => requestZoom(zoom),
        ...(zoom === 1 && { keys: keysOf('view.actual') }),
      }),
    ),
  ]
}

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
          <button
            type="button"
            className="status-zoom"
            aria-label={`${words.status.zoom}, ${percent(zoom)}`}
            aria-haspopup="menu"
            data-tip={words.status.zoom}
            onClick={({ currentTarget }) => openMenu(words.status.zoom, zoomItems(), currentTarget.getBoundingClientRect())}
          >
            {percent(zoom)}
          </button>
          <span className="status-position">{pointer && words.status.position(Math.floor(pointer.x), Math.floor(pointer.y))}</span>
        </>
      )}
      <span className="status-help truncate">{document ? help || tools.find(({ id }) => id === tool)?.help : words.status.start}</span>
    </footer>
  )
}
