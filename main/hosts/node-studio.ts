import { startEngineProcess } from '../engine/child-process.ts'
import type { StudioHandle } from '../studio/handle.ts'
import { createStudio } from '../studio/studio.ts'
import { sourceFolders, sourceVersion } from './folders.ts'

/** A studio on plain Node, its engine a child process: what a browser and a terminal stand in front of. */
export function startNodeStudio(host: 'web' | 'cli', dataFolder: string): Promise<StudioHandle> {
  const { samples, models } = sourceFolders()
  return createStudio({
    dataFolder,
    samplesFolder: samples,
    startEngine: (wish) => startEngineProcess({ models, ...wish }),
    host,
    version: sourceVersion(),
  })
}
