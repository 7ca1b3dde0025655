import { copyFileSync, existsSync } from 'node:fs'
import { fileFault } from './file-fault.ts'

/** Copies a project file nobody has open here, with the changes that still lie beside it. @throws FaultError */
export function copyProject(from: string, to: string): void {
  try {
    copyFileSync(from, to)
    if (existsSync(`${from}-wal`)) copyFileSync(`${from}-wal`, `${to}-wal`)
  } catch (thrown) {
    throw fileFault(to, thrown)
  }
}
