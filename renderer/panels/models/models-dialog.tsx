import { useEffect, useState } from 'react'
import { Dialog } from '../../design/dialog.tsx'
import { Tabs } from '../../design/tabs.tsx'
import { words } from '../../words/en.ts'
import { FindModels } from './find-models.tsx'
import { ModelList } from './model-list.tsx'
import './models.css'
import { work } from './work.ts'

type Page = 'here' | 'find'

/** The models of this machine: what is there, what to add, where to find more. */
export function ModelsDialog({ onClose }: { onClose(): void }) {
  const [page, setPage] = useState<Page>('here')
  useEffect(() => void work({ do: 'list' }), [])
  return (
    <Dialog title={words.models.title} wide onClose={onClose}>
      <Tabs<Page>
        className="models-tabs"
        label={words.models.title}
        tabs={[
          { id: 'here', title: words.models.here },
          { id: 'find', title: words.models.find },
        ]}
        active={page}
        onSelect={setPage}
      >
        <div className="models-page">{page === 'here' ? <ModelList /> : <FindModels />}</div>
      </Tabs>
    </Dialog>
  )
}
