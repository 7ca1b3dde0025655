import { actions } from '../../actions/index.ts'
import { readable } from '../../actions/keys.ts'
import { Dialog } from '../../design/dialog.tsx'
import { tools } from '../../tools/index.ts'
import { words } from '../../words/en.ts'

type Group = keyof typeof words.groups

/** What the hands do that is no action of the list. */
const GESTURES: Readonly<Partial<Record<Group, readonly { readonly title: string; readonly keys: readonly string[] }[]>>> = {
  tool: [
    { title: words.select.more, keys: ['Shift'] },
    { title: words.select.less, keys: ['Alt'] },
  ],
  brush: [
    { title: words.shortcuts.digits, keys: ['1 … 0'] },
    { title: words.shortcuts.pick, keys: ['Alt'] },
  ],
  view: [
    { title: words.shortcuts.pan, keys: ['Space'] },
    { title: words.shortcuts.zones, keys: ['F6'] },
  ],
}

/** Every shortcut, by what it is for. */
export function ShortcutsDialog({ onClose }: { onClose(): void }) {
  return (
    <Dialog title={words.shortcuts.title} wide onClose={onClose}>
      <div className="shortcut-groups">
        {(Object.keys(words.groups) as Group[]).map((group) => {
          const named = actions.filter((action) => action.group === group && action.keys && action.keys.length > 0)
          const rows = [
            // Under their heading the tools need not say what they are.
            ...named.map(({ id, title, keys = [] }) => ({
              title: tools.find((tool) => id === `tool.${tool.id}`)?.title ?? title,
              keys: keys.map((key) => readable(key)),
            })),
            ...(GESTURES[group] ?? []),
          ]
          return (
            <section key={group} aria-label={words.groups[group]}>
              <h3>{words.groups[group]}</h3>
              <dl>
                {rows.map(({ title, keys }) => (
                  <div key={title}>
                    <dt>{title}</dt>
                    <dd>
                      {keys.map((key) => (
                        <kbd key={key}>{key}</kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          )
        })}
      </div>
    </Dialog>
  )
}
