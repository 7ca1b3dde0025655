import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'

const FOLDER = join(import.meta.dirname, '../../native-models')
const PYTHON = '/usr/bin/python3'
const hasTorch = spawnSync(PYTHON, ['-c', 'import torch, numpy, scipy, PIL']).status === 0

const Listing = z.array(
  z.object({
    style: z.string(),
    package: z.string(),
    version: z.string(),
    author: z.string().min(1),
    licence: z.enum(['MIT', 'Apache-2.0', 'CC-BY-4.0', 'public domain']),
    pictures: z.array(z.object({ key: z.string(), caption: z.string(), heldOut: z.boolean() })).min(1000),
  }),
)
const groups = Listing.parse(JSON.parse(readFileSync(join(FOLDER, 'training/stickers.json'), 'utf8')))
const pictures = groups.flatMap(({ style, pictures: listed }) => listed.map((one) => ({ ...one, style })))

test('every sticker is called by its style and a name, in plain letters', () => {
  expect(pictures.filter(({ caption, style }) => !caption.startsWith(`${style} `) || !/^[a-z0-9' ]+$/.test(caption))).toEqual([])
})

test('variants that would drown the rest are left out', () => {
  const unwanted = /skin tone|\bflag\b|keycap|\bfamily\b|regional indicator/
  expect(pictures.filter(({ caption }) => unwanted.test(caption)).map(({ caption }) => caption)).toEqual([])
})

test('a name that is held out is held out in every style', () => {
  const nameOf = ({ caption, style }: { caption: string; style: string }) => caption.slice(style.length + 1)
  const out = new Set(pictures.filter(({ heldOut }) => heldOut).map(nameOf))
  expect(pictures.filter((one) => out.has(nameOf(one)) !== one.heldOut)).toEqual([])
  expect(out.size).toBeGreaterThan(20)
})

test('everyone whose artwork was learned from is named in the credits', () => {
  const credits = readFileSync(join(FOLDER, 'credits.md'), 'utf8')
  for (const { package: name, version, author, licence } of groups)
    expect(credits).toContain(`${name} ${version} | ${author} | ${licence} |`)
})

test.skipIf(!hasTorch)('the training code computes what the references do (needs python3-torch)', () => {
  const { status, stderr } = spawnSync(PYTHON, ['-B', '-W', 'ignore', join(import.meta.dirname, 'formulas.py')], { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
})
