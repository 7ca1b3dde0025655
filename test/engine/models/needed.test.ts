import { join, relative } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { neededOf, placeWithin, problemOf } from '../../../main/engine/hub/needed.ts'

const files = (...paths: string[]) => paths.map((path) => ({ path, bytes: 1, checksum: null }))
const SOUND = ['model_index.json', 'unet/model.onnx', 'vae_decoder/model.onnx', 'tokenizer/vocab.json']

describe('a pipeline needs', () => {
  test('graphs, weights as exporters name them, texts and the page of the model', () => {
    const wanted = [
      ...SOUND,
      'unet/model.onnx_data',
      'unet/model.onnx.data',
      'vae_decoder/weights.pb',
      'text_encoder_2/model.onnx_data_1',
      'scheduler/scheduler_config.json',
      'tokenizer_2/merges.txt',
      'README.md',
    ]
    const unwanted = [
      'unet/model.onnx.part',
      'unet/model_fp16.onnx',
      'unet/diffusion_pytorch_model.safetensors',
      'unet/deeper/model.onnx',
      'safety_checker/model.onnx',
      'feature_extractor/preprocessor_config.json',
      'vae_decoder/decoder.py',
      'samples/one.png',
      'onnx/unet/model.onnx',
    ]
    const { root, files: needed } = neededOf({ name: 'a/b', files: files(...wanted, ...unwanted) })
    expect([root, [...needed.keys()].sort()]).toEqual(['', [...wanted].sort()])
  })

  test('the same from a folder of the repository', () => {
    const { root, files: needed } = neededOf({ name: 'a/b', files: files(...SOUND.map((path) => `onnx/${path}`), 'unet/config.json') })
    expect([root, [...needed.keys()]]).toEqual(['onnx/', SOUND])
    expect(needed.get('unet/model.onnx')?.path).toBe('onnx/unet/model.onnx')
  })

  test.each([
    ['It holds no Stable Diffusion model in ONNX.', ['model.onnx']],
    ['It holds Stable Diffusion, but not as an ONNX export.', ['unet/diffusion_pytorch_model.safetensors']],
    ['Its network is a transformer, which is another architecture.', ['transformer/model.onnx', 'vae_decoder/model.onnx']],
    [null, SOUND],
  ])('or is told: %s', (problem, paths) => {
    expect(problemOf(paths)).toBe(problem)
  })
})

test('whatever a file is called, it lies in its folder or is refused', () => {
  const names = fc.array(fc.oneof(fc.constantFrom('..', '.', '', '\\..', 'C:', 'a', 'b.onnx', '\0', '/'), fc.string()), {
    minLength: 1,
    maxLength: 5,
  })
  fc.assert(
    fc.property(names, (parts) => {
      const path = parts.join('/')
      try {
        const within = relative('/library/models/a', join('/library/models/a', placeWithin(path)))
        expect(within !== '' && !within.startsWith('..')).toBe(true)
      } catch (thrown) {
        expect(thrown).toMatchObject({ fault: { kind: 'refused' } })
      }
    }),
  )
  expect(placeWithin('unet/..data')).toBe('unet/..data')
  for (const path of ['', '..', '../a', 'a/../b', '/a', 'a//b', 'a\\b', 'C:a', 'a\0']) expect(() => placeWithin(path)).toThrow()
})
