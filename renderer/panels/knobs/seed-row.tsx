import { Dices, Lock, LockOpen } from 'lucide-react'
import { IconButton } from '../../design/button.tsx'
import { NumberField } from '../../design/number-field.tsx'
import { words } from '../../words/en.ts'
import { type Deed, freshSeed, SEED_LIMIT, useSettings } from './settings.ts'

/** Where chance begins, and whether it begins there again next time. */
export function SeedRow({ deed }: { readonly deed: Deed }) {
  const { value, kept } = useSettings(({ seeds }) => seeds[deed])
  const { setSeed, keepSeed } = useSettings.getState()
  return (
    <div className="seed-row">
      <span className="field-label">{words.knobs.seed}</span>
      <NumberField label={words.knobs.seed} value={value} min={0} max={SEED_LIMIT} step={1} onChange={(next) => setSeed(deed, next)} />
      <IconButton icon={Dices} label={words.knobs.dice} onClick={() => setSeed(deed, freshSeed())} />
      <IconButton
        icon={kept ? Lock : LockOpen}
        label={kept ? words.knobs.unlock : words.knobs.lock}
        aria-pressed={kept}
        onClick={() => keepSeed(deed, !kept)}
      />
    </div>
  )
}
