import { join } from 'node:path'
import type { Page } from 'playwright'
import { writeTinyDiffusion } from '../../kit/tiny-diffusion.ts'
import { launchBrowser, openStudio } from './browser.ts'
import { addModel } from './hand.ts'
import { layers } from './panels.ts'
import { give } from './pictures.ts'
import { sceneOfTwo } from './scenes.ts'
import { privateFolder, startWebHost } from './web-host.ts'

/** A studio of its own in a browser, with a picture of two things and a tiny model that makes pictures from words. */
export interface PainterSitting extends AsyncDisposable {
  readonly page: Page
  /** What went wrong in the page so far. */
  readonly errors: readonly string[]
}

export async function sitWithPainter(): Promise<PainterSitting> {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await privateFolder())
  const painter = join(folder.path, 'Tiny painter')
  writeTinyDiffusion(painter)
  const host = opened.adopt(await startWebHost(join(folder.path, 'data')), (started) => started.stop())
  const browser = opened.adopt(await launchBrowser(), (launched) => launched.close())
  const { page, errors } = await openStudio(browser, host.address)
  await give(page, 'drop', 'Table.png', 'image/png', await sceneOfTwo(420, 300))
  await layers(page).first().waitFor()
  await addModel(page, painter, 'Tiny painter')
  const kept = opened.move()
  return { page, errors, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
