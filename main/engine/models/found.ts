import { existsSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import type { ModelCard } from '../../../preload/contract/catalog.ts'

/** A model that was come upon, not yet looked into. */
export interface Found {
  /** The folder of the model, or its one file where it is a checkpoint. */
  readonly path: string
  /** What its id is made from: stays while the model is updated in its place. */
  readonly anchor: string
  readonly source: ModelCard['source']
  readonly title: string
  /** Id and licence where they are known from before. */
  readonly id?: string | undefined
  readonly licence?: string | undefined
  /** What its files must hash to, where their giver told, by their paths within the folder. */
  readonly checksums?: ReadonlyMap<string, Checksum> | undefined
  /** Why it cannot be whole, whatever lies there. */
  readonly problem?: string | undefined
}

/** A file's SHA-256, or its name as git makes it: SHA-1 over its length and bytes. */
export interface Checksum {
  readonly kind: 'sha256' | 'git'
  readonly hex: string
}

/** A model of this machine, with the id it is known by. */
export interface Known extends Found {
  readonly id: string
}

/** A path as a person writes it: `~` is home. */
export const writtenPath = (path: string): string => resolve(/^~(?=[\\/]|$)/.test(path) ? homedir() + path.slice(1) : path)

export const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/** Does a folder say that it is a model of this kind, sound or not? */
export const looksLikeModel = (folder: string): boolean =>
  existsSync(`${folder}/model_index.json`) ||
  existsSync(`${folder}/unet/model.onnx`) ||
  (isFolder(`${folder}/unet`) && isFolder(`${folder}/vae_decoder`))
