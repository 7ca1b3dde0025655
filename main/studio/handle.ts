import type { Service } from '../../preload/contract/call.ts'
import type { BlobId, ProjectId } from '../../preload/contract/ids.ts'
import type { Studio, Upload } from '../../preload/contract/studio.ts'
import type { StartEngine } from '../engine/contract.ts'

/** What a host must know and provide to have a studio. */
export interface StudioOptions {
  /** Folder of unsaved projects, uploads, the list of recent projects. Made if it is not there. */
  readonly dataFolder: string
  /** Folder of the sample pictures offered on an empty canvas. */
  readonly samplesFolder: string
  readonly startEngine: StartEngine
  readonly host: 'electron' | 'web' | 'cli'
  readonly version: string
}

/** A studio as a host holds it: the service of the contract, and the doors for bytes that never travel in messages. */
export interface StudioHandle extends AsyncDisposable {
  readonly service: Service<Studio>
  /** A blob of an open project, compressed with zstd as it is stored; null where the project is not open here or has no such blob. */
  blob(project: ProjectId, id: BlobId): { readonly zstd: Uint8Array; readonly bytes: number } | null
  /**
   * Takes a file in. With a project its bytes become a blob of it.
   * @throws FaultError `refused` above `limit` bytes, `missing` where the project is not open, `full` where the disk is.
   */
  upload(source: AsyncIterable<Uint8Array>, options: { readonly project: ProjectId | null; readonly limit: number }): Promise<Upload>
}
