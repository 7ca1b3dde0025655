import { Select } from '../../design/fields.tsx'
import { words } from '../../words/en.ts'
import { type Deed, useSettings } from '../knobs/settings.ts'

const COUNTS = [1, 2, 4, 6] as const

/** How many to make, each with a seed of its own: to choose one of. */
export function Variations({ deed }: { readonly deed: Deed }) {
  const count = useSettings(({ variations }) => variations[deed] ?? 1)
  return (
    <Select
      label={words.imagine.variations}
      value={String(count)}
      options={COUNTS.map((value) => ({ value: String(value), title: words.imagine.variation(value) }))}
      onChange={(value) => useSettings.getState().vary(deed, Number(value))}
    />
  )
}
