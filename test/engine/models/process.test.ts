import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ModelProgress, ModelRequest, ModelResult } from '../../../preload/contract/models.ts'
import { writeTinyDiffusion } from '../../kit/tiny-diffusion.ts'
import { faultOf, openWorkshop, type Workshop } from '../workshop.ts'
import { openCabinet } from './cabinet.ts'
import { openHub } from './local-hub.ts'

const NAME = 'painters/soft-pencil'

async function ask(shop: Workshop, request: ModelRequest, told: (progress: ModelProgress) => void = () => undefined): Promise<ModelResult> {
  const work = shop.engine.models(request, new AbortController().signal)
  for (;;) {
    const next = await work.next()
    if (next.done) return next.value
    told(next.value)
  }
}

test('a real engine downloads, dies of it, goes on in its next life, and has the model in its catalogue', {
  timeout: 120_000,
}, async () => {
  using cabinet = openCabinet()
  await using hub = await openHub(NAME)
  writeTinyDiffusion(cabinet.at('origin'))
  hub.take(cabinet.at('origin'))
  const env = { HF_ENDPOINT: hub.address, HF_HOME: cabinet.at('hf'), COMFYUI_PATH: cabinet.at('ComfyUI') }
  await using shop = openWorkshop({ library: cabinet.at('library'), env })
  const pictures = async () => (await shop.engine.catalogue()).models.filter(({ role }) => role === 'text-to-picture')
  expect(await pictures()).toEqual([])

  hub.manners.silent = 1
  const request: ModelRequest = { do: 'download', repository: NAME, revision: 'main' }
  const kill = ({ done }: ModelProgress) => done > 0 && process.kill(shop.pids[0] as number, 'SIGKILL')
  expect(await faultOf(ask(shop, request, kill))).toMatchObject({ kind: 'engine', why: expect.stringContaining('SIGKILL') })
  const folder = cabinet.at('library', 'models', 'painters--soft-pencil')
  expect(existsSync(join(folder, '.downloading'))).toBe(true)
  expect(await pictures()).toMatchObject([{ problem: expect.stringContaining('not downloaded to its end') }])

  hub.asked.length = 0
  const { models } = await ask(shop, request)
  expect(hub.asked.some((path) => / bytes=\d+-$/.test(path))).toBe(true)
  expect(existsSync(join(folder, '.downloading'))).toBe(false)
  expect(await pictures()).toEqual(models.filter(({ role }) => role === 'text-to-picture'))
  expect(await pictures()).toMatchObject([{ title: NAME, problem: null, path: folder }])
})
