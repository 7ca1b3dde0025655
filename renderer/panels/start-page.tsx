import { FileImage, FolderOpen, Image, ImagePlus, Plus } from 'lucide-react'
import { keysOf, perform } from '../actions/index.ts'
import { Button } from '../design/button.tsx'
import { openProject, useProject } from '../studio/project.ts'
import { moment } from '../words/amounts.ts'
import { words } from '../words/en.ts'
import { beginWithWords } from './imagine/begin.ts'
import { useShell } from './shell.ts'
import { SIZES } from './sizes.ts'
import './start-page.css'

/** An empty canvas: the one next step, and the other ways to begin. */
export function StartPage() {
  return (
    <div className="start">
      <div className="start-drop">
        <FileImage size={40} strokeWidth={1.25} aria-hidden />
        <h1>{words.start.title}</h1>
        <p>{words.start.hint}</p>
        <Button look="primary" icon={FolderOpen} keys={keysOf('file.open')} tip={words.start.open} onClick={() => perform('file.open')}>
          {words.start.open}
        </Button>
        <Button look="quiet" icon={ImagePlus} tip={words.start.wordsTip} onClick={() => void beginWithWords()}>
          {words.start.words}
        </Button>
      </div>
      <div className="start-ways">
        <Samples />
        <Sizes />
        <Recents />
      </div>
    </div>
  )
}

function Samples() {
  const samples = useProject(({ catalog }) => catalog?.samples) ?? []
  if (samples.length === 0) return null
  return (
    <section aria-label={words.start.samples}>
      <h2>{words.start.samples}</h2>
      <ul>
        {samples.map(({ id, title, summary }) => (
          <li key={id}>
            <button type="button" className="start-way" onClick={() => void openProject({ from: 'sample', sample: id })}>
              <Image size={18} strokeWidth={1.75} aria-hidden />
              <span>
                <b>{title}</b>
                <small>{summary}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Sizes() {
  const show = useShell((shell) => shell.show)
  return (
    <section aria-label={words.start.sizes}>
      <h2>{words.start.sizes}</h2>
      <ul className="start-sizes">
        {SIZES.map(({ title, width, height }) => (
          <li key={title}>
            <button
              type="button"
              className="start-way"
              onClick={() => void openProject({ from: 'size', title: words.create.untitled, width, height, background: [255, 255, 255] })}
            >
              <span className="start-frame" aria-hidden>
                <span
                  className="start-shape"
                  style={{ width: (22 * width) / Math.max(width, height), height: (22 * height) / Math.max(width, height) }}
                />
              </span>
              <span>
                <b>{title}</b>
                <small>{`${width} × ${height}`}</small>
              </span>
            </button>
          </li>
        ))}
        <li>
          <button type="button" className="start-way" onClick={() => show({ kind: 'new' })}>
            <Plus size={18} strokeWidth={1.75} aria-hidden />
            <b>{words.start.custom}</b>
          </button>
        </li>
      </ul>
    </section>
  )
}

function Recents() {
  const recents = useProject(({ catalog }) => catalog?.recents) ?? []
  if (recents.length === 0) return null
  return (
    <section aria-label={words.start.recents}>
      <h2>{words.start.recents}</h2>
      <ul className="start-recents">
        {recents.slice(0, 8).map(({ id, title, path, at }) => (
          <li key={id}>
            <button
              type="button"
              className="start-way"
              data-tip={path ?? undefined}
              onClick={() => void openProject({ from: 'recent', project: id })}
            >
              <span>
                <b className="truncate">{title}</b>
                <small className="truncate">{path ?? words.start.noFile}</small>
              </span>
              <time>{moment(at)}</time>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
