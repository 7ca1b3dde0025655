import { expect, test } from 'vitest'
import { readArguments } from '../../main/hosts/cli/flags.ts'
import { choicesOf, methodFlags, methodParams, SET } from '../../main/hosts/cli/knobs.ts'
import { objectsOf, REGIONS } from '../../main/hosts/cli/regions.ts'
import { faultOf } from '../store/projects.ts'

const shown = (...args: string[]) => objectsOf(readArguments(args, REGIONS))

test('parts are shown as boxes, points and lines, each with words or without', () => {
  expect(shown('--box', '1,2,3.5,4', '--box=-8,0,10,10=a hat = a cap', '--thing', '5,6=a shoe', '--outline', '0,0,9,0,0,9')).toEqual([
    { region: { from: 'rectangle', x: 1, y: 2, width: 3.5, height: 4 }, becomes: '' },
    { region: { from: 'rectangle', x: -8, y: 0, width: 10, height: 10 }, becomes: 'a hat = a cap' },
    { region: { from: 'thing', on: [[5, 6]], beside: [], box: null }, becomes: 'a shoe' },
    { region: { from: 'polygon', points: [[0, 0], [9, 0], [0, 9]] }, becomes: '' }, // biome-ignore format: a triangle
  ])
})

test.each([
  ['--box', '1,2,3'],
  ['--box', '1,2,0,4'],
  ['--box', '1,2,3,-4'],
  ['--box', '1,2,3,4,5'],
  ['--box', '1,2,,4'],
  ['--box', 'left,2,3,4'],
  ['--thing', '1'],
  ['--thing', '=a hat'],
  ['--outline', '0,0,9,0'],
  ['--outline', '0,0,9,0,0,9,1'],
])('%s %s is not understood', (flag, value) => {
  expect(() => shown(flag, value)).toThrow(faultOf('invalid'))
})

const method = {
  ...{ id: 'm', role: 'imagination', title: 'Method', summary: 'Does it.', paper: { title: 'P', year: 2026, link: 'https://example.org' } },
  params: {
    properties: {
      prompt: { type: 'string', default: '' },
      guidanceScale: { type: 'number', minimum: 1, maximum: 20, default: 7, description: 'How closely.' },
      width: { anyOf: [{ type: 'integer', minimum: 8, maximum: 64 }, { type: 'null' }], default: null, title: 'Width' },
      solver: { type: 'string', enum: ['ddim', 'heun'], default: 'ddim' },
      check: { type: 'boolean', default: false },
    },
  },
}
const params = (...args: string[]) => methodParams(method, readArguments(args, { ...methodFlags(method), ...SET }))

test('knobs are flags by their kebab names, or set by their own', () => {
  expect(Object.entries(methodFlags(method, { without: ['prompt'] })).map(([name, { type, value }]) => [name, type, value])).toEqual([
    ['guidance-scale', 'string', 'N'],
    ['width', 'string', 'N'],
    ['solver', 'string', 'WORD'],
    ['check', 'boolean', undefined],
  ])
  expect(methodFlags(method)['guidance-scale']?.help).toBe('How closely; 1 to 20; default 7')
  expect(methodFlags(method, { usual: { guidanceScale: 2 } })['guidance-scale']?.help).toBe('How closely; 1 to 20; default 2')
  expect(params('--guidance-scale', '3.5', '--width', '32', '--solver', 'heun', '--check')).toEqual({
    guidanceScale: 3.5,
    width: 32,
    solver: 'heun',
    check: true,
  })
  expect(params('--set', 'guidanceScale=2', '--set', 'check=false', '--set', 'prompt=a = b')).toEqual({
    guidanceScale: 2,
    check: false,
    prompt: 'a = b',
  })
  expect(choicesOf(method, 'solver')).toEqual(['ddim', 'heun'])
})

test.each([
  ['--set', 'width'],
  ['--set', '=3'],
  ['--set', 'width=many'],
  ['--set', 'depth=3'],
  ['--width', ''],
])('%s %s is not understood', (flag, value) => {
  expect(() => params(flag, value)).toThrow(faultOf('invalid'))
})
