import { startEngineProcess } from '../engine/child-process.ts'
import type { StudioHandle } from '../studio/handle.ts'
import { createStudio } from '../studio/studio.ts'
import { dataFolder, libraryFolder, sourceFolders, sourceVersion } from './folders.ts'

/** A studio on plain Node, its engine a child process: what a browser and a terminal stand in front of. */
export function startNodeStudio(host: 'web' | 'cli', data: string): Promise<StudioHandle> {
  const { samples, models } = sourceFolders()
  // A command of the shell has a data folder that vanishes with it; models are those of the machine.
  const library = libraryFolder(host === 'cli' ? dataFolder() : data)
  return createStudio({
    dataFolder: data,
    samplesFolder: samples,
    startEngine: (wish) => startEngineProcess({ models, library, ...wish }),
    host,
    version: sourceVersion(),
  })
}
