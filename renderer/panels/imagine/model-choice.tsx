import { Plus } from 'lucide-react'
import type { Wish } from '../../../preload/contract/usual-model.ts'
import { Button, IconButton } from '../../design/button.tsx'
import { Select } from '../../design/fields.tsx'
import { words } from '../../words/en.ts'
import { useSettings } from '../knobs/settings.ts'
import { useShell } from '../shell.ts'
import { useImagining, useModel } from './methods.ts'

const openModels = () => useShell.getState().show({ kind: 'models' })

/** Which model makes the picture, and the way to get another. */
export function ModelChoice({ wish }: { readonly wish: Wish }) {
  const { models } = useImagining()
  const model = useModel(wish)
  if (!model) return null
  return (
    <div className="model-choice">
      <span className="field-label">{words.imagine.model}</span>
      <Select
        label={words.imagine.model}
        value={model.id}
        options={models.map(({ id, title, problem }) => ({ value: id, title: problem ? `${title} ⚠` : title }))}
        onChange={useSettings.getState().chooseModel}
      />
      <IconButton icon={Plus} label={words.imagine.addModel} onClick={openModels} />
    </div>
  )
}

/** In place of a panel that needs a model where there is none: what is missing, and the one next step. */
export function NoModel({ hasMethod }: { readonly hasMethod: boolean }) {
  return (
    <div className="imagine-empty">
      <p>{hasMethod ? words.imagine.noModel : words.imagine.noMethod}</p>
      {hasMethod && (
        <Button look="primary" icon={Plus} onClick={openModels}>
          {words.imagine.addModel}
        </Button>
      )}
    </div>
  )
}
