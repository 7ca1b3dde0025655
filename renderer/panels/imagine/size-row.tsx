import type { MethodCard, ModelCard } from '../../../preload/contract/catalog.ts'
import { Select } from '../../design/fields.tsx'
import { NumberField } from '../../design/number-field.tsx'
import { useProject } from '../../studio/project.ts'
import { words } from '../../words/en.ts'
import { useSettings } from '../knobs/settings.ts'
import { useValues } from '../knobs/use-knobs.ts'
import { chosenSize, fitting, type SizeName, sizesFor, TOO_LARGE } from './sizes.ts'

const NAMES: readonly SizeName[] = ['square', 'wide', 'tall', 'picture']
const MOST = 4096

/** Sizes that suit the model, or any other. */
export function SizeRow({ method, model }: { readonly method: MethodCard; readonly model: ModelCard }) {
  const picture = useProject(({ state }) => state?.document)
  useValues(method)
  const { width, height } = chosenSize(method, model)
  if (!picture || width === undefined || height === undefined) return null
  const sizes = sizesFor(model, picture)
  const { set } = useSettings.getState()
  const name = NAMES.find((other) => sizes[other].width === width && sizes[other].height === height)
  // The shape of the picture is as large as suits the model, but for the rounding of its sides.
  const isTooLarge = model.side !== null && name !== 'picture' && width * height > TOO_LARGE * model.side ** 2
  return (
    <>
      <div className="size-row">
        <span className="field-label">{words.generate.size}</span>
        <Select<SizeName | ''>
          label={words.generate.size}
          value={name ?? ''}
          options={[
            ...NAMES.map((value) => ({ value, title: words.generate.sizes[value] })),
            ...(name ? [] : [{ value: '' as const, title: words.generate.otherSize }]),
          ]}
          onChange={(value) => {
            if (value === '') return
            set(method.id, 'width', sizes[value].width)
            set(method.id, 'height', sizes[value].height)
          }}
        />
        {(['width', 'height'] as const).map((side) => (
          <NumberField
            key={side}
            className="boxed"
            label={words.generate[side]}
            value={side === 'width' ? width : height}
            min={model.multiple}
            max={MOST}
            step={model.multiple}
            onChange={(value) => set(method.id, side, fitting(value, model.multiple))}
          />
        ))}
      </div>
      {isTooLarge && model.side !== null && <p className="deed-hint">{words.generate.large(model.side)}</p>}
    </>
  )
}
