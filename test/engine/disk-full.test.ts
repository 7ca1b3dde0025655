import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { documentOf, layerOf, picture, place } from './photographs.ts'
import { faultOf, openWorkshop } from './workshop.ts'

/** A disk of 64 kB, where the system lets us have one. */
const disk = mkdtempSync(join(tmpdir(), 'palimpsest-disk-'))
function mounted(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const isMounted = mounted()
afterAll(() => {
  if (isMounted) execFileSync('umount', ['-l', disk])
  rmSync(disk, { recursive: true, force: true })
})

test.skipIf(!isMounted)(
  'an export onto a full disk (skipped where none can be mounted) is told, and the file it would replace is whole',
  async () => {
    await using shop = openWorkshop()
    const grain = randomBytes(300 * 270 * 4)
    const { pixels } = await place(shop, await picture(grain).png().toBuffer())
    mkdirSync(join(disk, 'out'))
    const path = join(disk, 'out', 'photo.png')
    writeFileSync(path, 'before')
    const task = {
      type: 'export' as const,
      document: documentOf([layerOf(pixels)]),
      layer: null,
      format: 'png' as const,
      quality: 90,
      path,
    }
    expect(await faultOf(shop.run(task))).toMatchObject({ kind: 'full', what: expect.stringContaining('photo.png') })
    expect(readFileSync(path, 'utf8')).toBe('before')
    expect(readdirSync(join(disk, 'out'))).toEqual(['photo.png'])
  },
)
