import { Boxes, Cpu } from 'lucide-react'
import { Button } from '../../design/button.tsx'
import { Popover } from '../../design/popover.tsx'
import { useProject } from '../../studio/project.ts'
import { bytes } from '../../words/amounts.ts'
import { words } from '../../words/en.ts'
import { RunningWorks } from '../models/work-line.tsx'
import { useShell } from '../shell.ts'

/** Where the networks run and how much they hold; a click says why there. */
export function EngineChip() {
  const engine = useProject(({ state, catalog }) => state?.engine ?? catalog?.engine)
  const models = useProject(({ catalog }) => catalog?.models) ?? []
  if (!engine) return null
  const { provider, memory, status, why } = engine
  const name = provider ? (words.providers[provider] ?? provider) : words.top.noProvider
  const held = words.top.memory(bytes(memory.used), bytes(memory.budget))
  return (
    <Popover
      label={words.top.engine}
      trigger={(props) => (
        <button type="button" className="chip" {...props}>
          <span className="sr-only">{words.top.engine}: </span>
          <Cpu size={14} strokeWidth={1.75} aria-hidden />
          {status === 'ready' || status === 'working' ? name : words.top.engineStatus[status]}
          <span className="chip-second">{held}</span>
        </button>
      )}
    >
      {(close) => (
        <>
          <strong>{words.top.engineStatus[status]}</strong>
          <dl className="engine-facts">
            <dt>{words.top.provider}</dt>
            <dd>{provider ? name : words.top.providerPending}</dd>
            <dt>{words.top.memoryLabel}</dt>
            <dd>{held}</dd>
          </dl>
          {why && <p className="engine-why">{why}</p>}
          <Button
            icon={Boxes}
            onClick={() => {
              close()
              useShell.getState().show({ kind: 'models' })
            }}
          >
            {words.models.manage}
          </Button>
          <RunningWorks />
          {models.length > 0 && (
            <ul className="engine-models" aria-label={words.top.models}>
              {models.map(({ id, title, problem, bytes: size, licence }) => (
                <li key={id}>
                  <span data-tip={`${bytes(size)}, ${licence}`}>{title}</span>
                  <span className={problem ? 'bad' : 'good'}>{problem ?? words.top.modelSound}</span>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Popover>
  )
}
