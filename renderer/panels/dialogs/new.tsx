import { useState } from 'react'
import { SIDE_LIMIT } from '../../../preload/contract/document.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, Select, TextField } from '../../design/fields.tsx'
import { NumberField } from '../../design/number-field.tsx'
import { openProject } from '../../studio/project.ts'
import { words } from '../../words/en.ts'
import { SIZES } from '../sizes.ts'

const BACKGROUNDS = { white: [255, 255, 255], black: [0, 0, 0], transparent: null } as const
type Background = keyof typeof BACKGROUNDS

/** An empty picture of any size. */
export function NewDialog({ onClose }: { onClose(): void }) {
  const [title, setTitle] = useState<string>(words.create.untitled)
  const [size, setSize] = useState({ width: 1920, height: 1080 })
  const [background, setBackground] = useState<Background>('white')
  const create = () => {
    onClose()
    const color = BACKGROUNDS[background]
    void openProject({ from: 'size', title: title.trim() || words.create.untitled, ...size, background: color && [...color] })
  }
  return (
    <Dialog
      title={words.create.title}
      onClose={onClose}
      onSubmit={create}
      actions={
        <>
          <Button onClick={onClose}>{words.dialog.cancel}</Button>
          <Button look="primary" type="submit">
            {words.create.create}
          </Button>
        </>
      }
    >
      <Field label={words.create.name}>
        <TextField
          label={words.create.name}
          value={title}
          maxLength={200}
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
      </Field>
      <div className="dialog-presets">
        {SIZES.map((preset) => (
          <Button key={preset.title} onClick={() => setSize(preset)}>
            {preset.title}
          </Button>
        ))}
      </div>
      {(['width', 'height'] as const).map((side) => (
        <Field key={side} label={words.create[side]}>
          <NumberField
            className="boxed"
            label={words.create[side]}
            value={size[side]}
            min={1}
            max={SIDE_LIMIT}
            step={1}
            unit="px"
            onChange={(value) => setSize({ ...size, [side]: Math.round(value) })}
          />
        </Field>
      ))}
      <Field label={words.create.background}>
        <Select<Background>
          label={words.create.background}
          value={background}
          options={(Object.keys(BACKGROUNDS) as Background[]).map((value) => ({ value, title: words.create[value] }))}
          onChange={setBackground}
        />
      </Field>
    </Dialog>
  )
}
