import { Layers2, X } from 'lucide-react'
import { useRef } from 'react'
import { project } from '../../actions/active.ts'
import { clearObjects, pickLayer } from '../../actions/objects.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { TextField } from '../../design/fields.tsx'
import { below, openMenu } from '../../design/menu.tsx'
import { changeObject, type PickedObject, removeObject, setActiveObject, useActiveObject, useObjects } from '../../studio/objects.ts'
import { useProject } from '../../studio/project.ts'
import { useView } from '../../studio/view.ts'
import { toolOf } from '../../tools/index.ts'
import { words } from '../../words/en.ts'
import { useFirstField } from './words-field.tsx'

const WAYS = ['object', 'lasso', 'rectangle'] as const
/** Longest side of an object's small picture, in CSS pixels. */
const SIDE = 30

/** The parts of the picture that were shown, and what each becomes. `hint` says what it means that there are none. */
export function ObjectList({ hint, worded }: { readonly hint: string; readonly worded: boolean }) {
  const objects = useObjects()
  const active = useActiveObject()
  const first = objects.find(({ becomes }) => becomes === '') ?? objects[0]
  return (
    <section className="object-list" aria-label={words.edit.objects}>
      <header>
        <h3>{words.edit.objects}</h3>
        <span className="object-hint truncate">{hintFor(objects, hint, worded)}</span>
        <IconButton
          icon={Layers2}
          size={14}
          label={words.edit.useLayer}
          aria-haspopup="menu"
          onClick={(event) => openMenu(words.edit.useLayer, layerItems(), below(event.currentTarget))}
        />
        {objects.length > 0 && (
          <Button look="quiet" onClick={clearObjects}>
            {words.edit.clear}
          </Button>
        )}
      </header>
      {objects.length === 0 && <Ways />}
      <ol>
        {objects.map((object, at) => (
          <ObjectRow
            key={object.id}
            object={object}
            number={at + 1}
            isActive={object.id === active}
            isFirst={object === first}
            worded={worded}
          />
        ))}
      </ol>
    </section>
  )
}

/** What stands beside the heading: what is being done, or what the list is for. */
function hintFor(objects: readonly PickedObject[], none: string, worded: boolean): string {
  if (objects.length === 0) return none
  if (objects.some(({ outline }) => outline === null)) return words.edit.finding
  return worded ? words.edit.objectsHint : ''
}

/** While there are none: the tools that show one. */
function Ways() {
  const tool = useView((view) => view.tool)
  return (
    <div className="object-ways">
      <p className="deed-hint">{words.edit.objectsNone}</p>
      {WAYS.map((id) => {
        const { title, icon, shortcut } = toolOf(id)
        return (
          <Button
            key={id}
            icon={icon}
            keys={shortcut}
            tip={words.toolAction(title)}
            aria-pressed={id === tool}
            onClick={() => useView.getState().setTool(id)}
          >
            {title}
          </Button>
        )
      })}
    </div>
  )
}

function layerItems() {
  const layers = project()?.document.layers ?? []
  return layers
    .toReversed()
    .map(({ id, name, pixels }) => ({ title: words.edit.layerOption(name), disabled: !pixels, run: () => void pickLayer(id) }))
}

interface ObjectRowProps {
  readonly object: PickedObject
  readonly number: number
  readonly isActive: boolean
  readonly isFirst: boolean
  readonly worded: boolean
}

/** A sentence: this part of the picture → what it becomes. */
function ObjectRow({ object, number, isActive, isFirst, worded }: ObjectRowProps) {
  const ref = useRef<HTMLInputElement>(null)
  useFirstField(ref, isFirst && worded)
  const { id, becomes, hue, region, outline } = object
  return (
    <li className={`object-row ${isActive ? 'active' : ''}`} style={{ '--hue': `var(--object-${hue + 1})` } as Record<string, string>}>
      <button
        type="button"
        className="object-chip"
        aria-label={words.edit.object(number)}
        aria-pressed={isActive}
        data-tip={outline ? words.edit.kinds[region.from] : words.edit.finding}
        onClick={() => setActiveObject(id)}
      >
        <ObjectPicture object={object} />
        <span>{number}</span>
      </button>
      {worded ? (
        <TextField
          ref={ref}
          label={words.edit.becomes(number)}
          placeholder={words.edit.becomesHint}
          maxLength={2000}
          spellCheck
          value={becomes}
          onFocus={() => setActiveObject(id)}
          onChange={(event) => changeObject(id, { becomes: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
        />
      ) : (
        <span className="truncate">{words.edit.kinds[region.from]}</span>
      )}
      <IconButton icon={X} size={14} label={words.edit.remove(number)} onClick={() => removeObject(id)} />
    </li>
  )
}

/** Where in the picture an object lies, in its colour. */
function ObjectPicture({ object: { outline } }: { readonly object: PickedObject }) {
  const width = useProject(({ state }) => state?.document.width ?? 1)
  const height = useProject(({ state }) => state?.document.height ?? 1)
  const scale = SIDE / Math.max(width, height)
  const path = (outline ?? [])
    .map((line) => {
      const points = line.map((value) => Math.round(value * scale * 10) / 10)
      return `M${points.join(' ')}Z`
    })
    .join('')
  return (
    <svg
      width={Math.max(8, width * scale)}
      height={Math.max(8, height * scale)}
      viewBox={`0 0 ${width * scale} ${height * scale}`}
      aria-hidden="true"
    >
      <path d={path} fillRule="evenodd" />
    </svg>
  )
}
