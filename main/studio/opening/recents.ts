import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { Recent } from '../../../preload/contract/catalog.ts'
import { ProjectId } from '../../../preload/contract/ids.ts'
import { fileFault } from '../../store/file-fault.ts'
import { readTitle } from '../../store/project-file.ts'
import { EXTENSION } from '../commands/save.ts'

const LIMIT = 50

/** The projects opened before, in `recents.json` of the studio's folder, and where those live that nobody saved elsewhere. */
export class Recents {
  readonly #file: string
  readonly #projects: string

  /** @throws FaultError where the folder cannot be made */
  constructor(dataFolder: string) {
    try {
      mkdirSync(join(dataFolder, 'projects'), { recursive: true })
    } catch (thrown) {
      throw fileFault(dataFolder, thrown)
    }
    // Paths are compared with real ones later.
    this.#file = join(realpathSync(dataFolder), 'recents.json')
    this.#projects = join(realpathSync(dataFolder), 'projects')
  }

  /** Where a project lives that was not saved anywhere. */
  ownPath(id: ProjectId): string {
    return join(this.#projects, `${id}${EXTENSION}`)
  }

  isOwn(path: string): boolean {
    return dirname(path) === this.#projects
  }

  /** The id of a project in the studio's own folder; null for a file elsewhere. */
  idOfOwn(path: string): ProjectId | null {
    return this.isOwn(path) ? (ProjectId.safeParse(basename(path, EXTENSION)).data ?? null) : null
  }

  pathOf({ id, path }: Recent): string {
    return path ?? this.ownPath(id)
  }

  /** Newest first; only what is still there. Unsaved work is found even where the list is lost. */
  list(): Recent[] {
    const listed = this.#read().filter((recent) => existsSync(this.pathOf(recent)))
    const known = new Set(listed.map(({ id }) => id))
    return [...listed, ...this.#unlisted(known)].sort((a, b) => b.at - a.at)
  }

  note(recent: Recent): void {
    this.#write([recent, ...this.#read().filter(({ id }) => id !== recent.id)])
  }

  #read(): Recent[] {
    try {
      return z.array(Recent).parse(JSON.parse(readFileSync(this.#file, 'utf8')))
    } catch {
      return []
    }
  }

  #write(recents: Recent[]) {
    const temporary = `${this.#file}.${process.pid}.tmp`
    try {
      writeFileSync(temporary, JSON.stringify(recents.slice(0, LIMIT), null, 2))
      renameSync(temporary, this.#file)
    } catch {
      // The list is a convenience; a full disk is told by what matters.
    }
  }

  #unlisted(known: ReadonlySet<ProjectId>): Recent[] {
    return readdirSync(this.#projects).flatMap((name) => {
      const path = join(this.#projects, name)
      const id = this.idOfOwn(path)
      if (!name.endsWith(EXTENSION) || !id || known.has(id)) return []
      const title = readTitle(path)
      return title === null ? [] : [{ id, title, path: null, at: Math.round(statSync(path).mtimeMs) }]
    })
  }
}
