import { useState } from 'react'
import type { ExportFormat } from '../../../preload/contract/command.ts'
import type { LayerId } from '../../../preload/contract/ids.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, Select } from '../../design/fields.tsx'
import { Slider } from '../../design/slider.tsx'
import { desktop } from '../../studio/bridge.ts'
import { blobUrl } from '../../studio/client.ts'
import { useNotices } from '../../studio/notices.ts'
import { run, useProject } from '../../studio/project.ts'
import { bytes } from '../../words/amounts.ts'
import { words } from '../../words/en.ts'

const WHOLE = 'whole'
const EXTENSIONS: Readonly<Record<ExportFormat, string>> = { png: 'png', jpeg: 'jpg', webp: 'webp', avif: 'avif', tiff: 'tif' }
const LOSSY: readonly ExportFormat[] = ['jpeg', 'webp', 'avif']

/** Offers a file the studio has made to the browser's downloads. */
function download(url: string, name: string): void {
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
}

/** Writes the picture, or one layer of it, as a file. */
export function ExportDialog({ layer, onClose }: { readonly layer: LayerId | null; onClose(): void }) {
  const state = useProject((projects) => projects.state)
  const formats = useProject(({ catalog }) => catalog?.formats) ?? []
  const [format, setFormat] = useState<ExportFormat>('png')
  const [quality, setQuality] = useState(90)
  const [what, setWhat] = useState<string>(layer ?? WHOLE)
  const [busy, setBusy] = useState(false)
  if (!state) return null
  const layers = state.document.layers.filter(({ pixels }) => pixels !== null).toReversed()

  const write = async () => {
    const chosen = layers.find(({ id }) => id === what)
    const title = state.file.title.replace(/\.palimpsest$/, '')
    const name = `${chosen ? `${title}, ${chosen.name}` : title}.${EXTENSIONS[format]}`
    const path = (await desktop()?.chooseSave(name)) ?? undefined
    if (desktop() && !path) return
    setBusy(true)
    const done = await run({ type: 'picture.export', format, quality, ...(chosen ? { layer: chosen.id } : {}), ...(path ? { path } : {}) })
    setBusy(false)
    if (!done?.file) return
    if (done.file.blob) download(blobUrl(state.file.id, done.file.blob, { type: done.file.type, download: name }), name)
    useNotices.getState().tell({ tone: 'good', what: words.export.done(done.file.path ?? name, bytes(done.file.bytes)) })
    onClose()
  }
  return (
    <Dialog
      title={words.export.title}
      onClose={onClose}
      onSubmit={() => void write()}
      actions={
        <>
          {busy && <span className="dialog-note">{words.export.preparing}</span>}
          <Button onClick={onClose}>{words.dialog.cancel}</Button>
          <Button look="primary" type="submit" disabled={busy}>
            {words.export.run}
          </Button>
        </>
      }
    >
      <Field label={words.export.format}>
        <Select<ExportFormat>
          label={words.export.format}
          value={format}
          options={formats.map((value) => ({ value, title: words.export.formats[value] }))}
          onChange={setFormat}
        />
      </Field>
      <p className="dialog-note">{words.export.notes[format]}</p>
      {LOSSY.includes(format) && (
        <Slider label={words.export.quality} value={quality} min={1} max={100} step={1} initial={90} onChange={setQuality} />
      )}
      <Field label={words.export.what}>
        <Select
          label={words.export.what}
          value={what}
          options={[
            { value: WHOLE, title: words.export.whole },
            ...layers.map(({ id, name }) => ({ value: id as string, title: words.export.layer(name) })),
          ]}
          onChange={setWhat}
        />
      </Field>
      <p className="dialog-note">{words.export.keeps}</p>
    </Dialog>
  )
}
