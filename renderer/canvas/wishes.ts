import { applyFrame } from '../actions/frame.ts'
import { pickObject, pointAt } from '../actions/objects.ts'
import { useNotices } from '../studio/notices.ts'
import { run } from '../studio/project.ts'
import { useView } from '../studio/view.ts'
import type { Wish } from '../tools/tool.ts'
import type { Lookout } from './lookout.ts'
import type { Scene } from './scene.ts'

/** Does what a tool asks of the page. */
export function grant(wish: Wish, { lookout, scene }: { readonly lookout: Lookout; readonly scene: Scene | null }): void {
  const view = useView.getState()
  switch (wish.type) {
    case 'look':
      lookout.show(wish.look)
      return
    case 'pick':
      void scene?.pick(wish.at).then((color) => {
        if (color) useView.getState().setBrush({ [wish.to]: color })
      })
      return
    case 'activate':
      view.setLayer(wish.layer)
      return
    case 'object':
      pickObject(wish.region)
      return
    case 'point':
      pointAt(wish.at, wish.is)
      return
    case 'frame':
      view.setFrame(wish.frame)
      return
    case 'apply-frame':
      void applyFrame()
      return
    case 'refuse': {
      const { what, why, todo, remedy } = wish
      const action = remedy && { title: remedy.title, run: () => void run(remedy.command) }
      useNotices.getState().tell({ tone: 'plain', what, why, todo, ...(action && { action }) })
      return
    }
    default:
      wish satisfies never
  }
}
