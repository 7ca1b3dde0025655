import { useEffect, useState } from 'react'
import { takeFiles } from '../actions/files.ts'
import { useProject } from '../studio/project.ts'
import { words } from '../words/en.ts'
import './drop-zone.css'

const filesOf = (data: DataTransfer | null): File[] => [...(data?.files ?? [])]

/** Takes files dropped anywhere in the window, and pictures pasted into it. */
export function DropZone() {
  const [over, setOver] = useState(false)
  const open = useProject(({ state }) => state !== null)
  useEffect(() => {
    // Entering a child leaves its parent; the count tells the window's edge from the rest.
    let depth = 0
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      depth++
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    }
    const hold = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault()
    }
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      depth = 0
      setOver(false)
      void takeFiles(filesOf(event.dataTransfer))
    }
    const paste = (event: ClipboardEvent) => {
      const files = filesOf(event.clipboardData)
      if (files.length === 0) return
      event.preventDefault()
      void takeFiles(files)
    }
    document.addEventListener('dragenter', enter)
    document.addEventListener('dragleave', leave)
    document.addEventListener('dragover', hold)
    document.addEventListener('drop', drop)
    document.addEventListener('paste', paste)
    return () => {
      document.removeEventListener('dragenter', enter)
      document.removeEventListener('dragleave', leave)
      document.removeEventListener('dragover', hold)
      document.removeEventListener('drop', drop)
      document.removeEventListener('paste', paste)
    }
  }, [])
  return over ? <div className="drop-zone">{open ? words.drop.layer : words.drop.open}</div> : null
}
