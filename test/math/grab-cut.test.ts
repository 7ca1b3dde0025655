import { describe, expect, it } from 'vitest'
import { type Hints, segmentThing, thing } from '../../main/math/grab-cut.ts'
import { noiseOf, uniformsInto } from '../../main/math/random.ts'

const { signal } = new AbortController()
type Paint = (x: number, y: number) => readonly [number, number, number, number?]
type Inside = (x: number, y: number) => boolean

/** A picture with some grain, so that no two pixels are quite the same. */
function picture(width: number, height: number, paint: Paint, grain = 12) {
  const chance = new Float64Array(width * height * 3)
  uniformsInto(chance, noiseOf(5))
  const data = new Uint8Array(width * height * 4)
  for (let i = 0; i < width * height; i++) {
    const [red, green, blue, alpha = 255] = paint(i % width, Math.floor(i / width))
    for (const [c, value] of [red, green, blue].entries())
      data[4 * i + c] = Math.max(0, Math.min(255, Math.round(value + (chance[3 * i + c]! - 0.5) * 2 * grain)))
    data[4 * i + 3] = alpha
  }
  return { data, width, height }
}

const clicks = (...on: [number, number][]): Hints => ({ on, beside: [], box: null })

/** What two sets share of both together. */
function overlap(mask: Uint8Array, width: number, isInside: Inside): number {
  let both = 0
  let either = 0
  for (const [i, value] of mask.entries()) {
    const is = isInside(i % width, Math.floor(i / width))
    if (value && is) both++
    if (value || is) either++
  }
  return both / either
}

const disc =
  (cx: number, cy: number, radius: number): Inside =>
  (x, y) =>
    (x - cx) ** 2 + (y - cy) ** 2 < radius ** 2
const stripes = (x: number, y: number): readonly [number, number, number] => ((x + 2 * y) % 16 < 8 ? [150, 130, 90] : [120, 105, 75])

/** A ball that shades from light to dark, a ring, and a speckled box, on striped ground. */
const ball = disc(80, 90, 48)
const ring: Inside = (x, y) => disc(230, 80, 50)(x, y) && !disc(230, 80, 26)(x, y)
const box: Inside = (x, y) => x >= 150 && x < 290 && y >= 160 && y < 225
const scene = picture(320, 240, (x, y) => {
  if (ball(x, y)) return [230 - (x - 32), 60 + (y - 42) / 4, 40]
  if (ring(x, y)) return [40, 90, 190]
  if (box(x, y)) return (x * 7 + y * 13) % 11 < 3 ? [240, 240, 235] : [40, 120, 60]
  return stripes(x, y)
})

describe('the thing under a click', { timeout: 60_000 }, () => {
  it.each([
    ['a ball in shade', 'its light side', [50, 80], ball],
    ['a ball in shade', 'its dark side', [118, 100], ball],
    ['a ring, with its hole', 'its rim', [192, 80], ring],
    ['a speckled box', 'its middle', [220, 190], box],
  ] as [string, string, [number, number], Inside][])('is %s when clicked on %s', async (_name, _where, at, isInside) => {
    const mask = await segmentThing(scene, clicks(at), signal)
    expect(new Set(mask)).toEqual(new Set([0, 255]))
    expect(overlap(mask, scene.width, isInside)).toBeGreaterThan(0.95)
  })

  it('is the ground around things when clicked on it', async () => {
    const hill = disc(150, 260, 190)
    const ground = picture(240, 160, (x, y) =>
      disc(70, 60, 20)(x, y) ? [200, 40, 50] : hill(x, y) ? [70, 110, 50] : [120 + x / 8, 150, 200 - y / 4],
    )
    const sky: Inside = (x, y) => !disc(70, 60, 20)(x, y) && !hill(x, y)
    expect(overlap(await segmentThing(ground, clicks([200, 10]), signal), 240, sky)).toBeGreaterThan(0.95)
    expect(overlap(await segmentThing(ground, clicks([200, 150]), signal), 240, hill)).toBeGreaterThan(0.95)
  })

  it('is the small thing and not its ground', async () => {
    const spot = disc(100, 60, 7)
    const small = picture(240, 160, (x, y) => (spot(x, y) ? [200, 40, 50] : stripes(x, y)))
    expect(overlap(await segmentThing(small, clicks([101, 61]), signal), 240, spot)).toBeGreaterThan(0.85)
  })

  it('keeps its outline to the pixel in a picture that is worked on at a half', async () => {
    const large = disc(500, 350, 180)
    const wide = picture(1000, 700, (x, y) => (large(x, y) ? [60, 110, 170] : stripes(x, y)))
    expect(overlap(await segmentThing(wide, clicks([450, 300]), signal), 1000, large)).toBeGreaterThan(0.99)
  })

  it('is each of the things that several points lie on', async () => {
    const mask = await segmentThing(scene, clicks([50, 80], [192, 80]), signal)
    expect(overlap(mask, scene.width, (x, y) => ball(x, y) || ring(x, y))).toBeGreaterThan(0.95)
  })

  it('leaves out what a point beside it lies on', async () => {
    // Two halves that differ little from each other and much from the ground.
    const halves = picture(200, 150, (x, y) => (!disc(100, 75, 50)(x, y) ? [30, 40, 60] : x < 100 ? [200, 120, 60] : [215, 150, 70]))
    const both = await segmentThing(halves, clicks([70, 75]), signal)
    expect(both[75 * 200 + 130]).toBe(255)
    const one = await segmentThing(halves, { on: [[70, 75]], beside: [[130, 75]], box: null }, signal)
    expect(one[75 * 200 + 70]).toBe(255)
    expect(one[75 * 200 + 130]).toBe(0)
    expect(overlap(one, 200, (x, y) => disc(100, 75, 50)(x, y) && x < 100)).toBeGreaterThan(0.9)
  })

  it('fills a box that is drawn around it, and never leaves the box', async () => {
    const frame = { x: 20, y: 30, width: 120, height: 120 }
    const mask = await segmentThing(scene, { on: [], beside: [], box: frame }, signal)
    expect(overlap(mask, scene.width, ball)).toBeGreaterThan(0.95)
    const tight = { x: 60, y: 60, width: 40.5, height: 50 }
    const cut = await segmentThing(scene, { on: [[80, 90]], beside: [], box: tight }, signal)
    expect(cut[90 * 320 + 80]).toBe(255)
    for (const [i, value] of cut.entries()) {
      const [x, y] = [i % 320, Math.floor(i / 320)]
      if (x < 60 || x > 100 || y < 60 || y >= 110) expect(value).toBe(0)
    }
  })

  it('never has transparent pixels, and is a whole cut-out on nothing', async () => {
    const pear = disc(60, 60, 40)
    const cutOut = picture(120, 120, (x, y) => (pear(x, y) ? [200 - x / 2, 180 - y / 2, 60] : [200, 180, 60, 0]))
    const mask = await segmentThing(cutOut, clicks([60, 40]), signal)
    for (const [i, value] of mask.entries()) if (!pear(i % 120, Math.floor(i / 120))) expect(value).toBe(0)
    expect(overlap(mask, 120, pear)).toBeGreaterThan(0.95)
  })

  it('may be dots that do not touch, however many', async () => {
    const side = 560
    const dots = picture(side, side, (x, y) => ((x + y) % 2 ? [0, 0, 0, 0] : x > 30 && x < 530 ? [220, 30, 20] : [20, 30, 220]), 0)
    const mask = await segmentThing(dots, { on: [], beside: [], box: { x: 20, y: 0, width: 520, height: side } }, signal)
    expect(overlap(mask, side, (x, y) => (x + y) % 2 === 0 && x > 30 && x < 530)).toBeGreaterThan(0.95)
  })

  it('may be seen through dithered opacity, in no more patches than anything else, whatever colours hide there', async () => {
    const side = 560
    const sun = disc(280, 280, 180)
    const dithered = (isShown: Inside) =>
      picture(
        side,
        side,
        (x, y) => [...((sun(x, y) ? [220, 30, 20] : [20, 30, 220]) as [number, number, number]), isShown(x, y) ? 255 : 0],
        0,
      )
    const ways: Inside[] = [(x, y) => (x + y) % 2 === 0, (x, y) => (Math.imul(x * 31 + y * 17, 2_654_435_761) >>> 16) % 3 === 0]
    for (const isShown of ways) {
      const x = Array.from({ length: 20 }, (_, i) => 270 + i).find((x) => isShown(x, 280)) ?? 0
      const work = thing(dithered(isShown), clicks([x, 280]))
      let [pieces, next] = [0, work.next()]
      for (; !next.done; next = work.next()) pieces++
      // Of a piece for each of a hundred thousand specks there was no end.
      expect(pieces).toBeLessThan(600)
      expect(overlap(next.value, side, (x, y) => isShown(x, y) && sun(x, y))).toBeGreaterThan(0.95)
    }
  })

  it('is nothing where the hints meet nothing', async () => {
    const empty = picture(40, 30, () => [200, 0, 0, 0])
    for (const hints of [clicks([10, 10]), clicks([-5, 900]), clicks(), { ...clicks(), box: { x: 4, y: 4, width: 20, height: 20 } }])
      expect((await segmentThing(empty, hints, signal)).some((value) => value > 0)).toBe(false)
    expect((await segmentThing(scene, clicks([400, 10]), signal)).some((value) => value > 0)).toBe(false)
  })

  it.each([
    [1, 1],
    [1, 40],
    [3, 2],
    [17, 9],
  ])('holds the point in a picture of %i × %i pixels of one colour', async (width, height) => {
    const mask = await segmentThing(
      picture(width, height, () => [90, 90, 90], 0),
      clicks([0.5, 0.5]),
      signal,
    )
    expect(mask.length).toBe(width * height)
    expect(mask[0]).toBe(255)
  })

  it('is the same each time', async () => {
    const hints: Hints = { on: [[220, 190]], beside: [[10, 10]], box: null }
    expect(await segmentThing(scene, hints, signal)).toEqual(await segmentThing(scene, hints, signal))
  })

  it('refuses data that is no such picture', async () => {
    await expect(segmentThing({ data: new Uint8Array(7), width: 2, height: 1 }, clicks(), signal)).rejects.toThrow(RangeError)
  })
})

describe('waiting for it', { timeout: 60_000 }, () => {
  it('lets others in between its pieces', async () => {
    let turns = 0
    const count = setInterval(() => turns++, 0)
    await segmentThing(scene, clicks([50, 80]), signal)
    clearInterval(count)
    expect(turns).toBeGreaterThan(3)
    expect([...thing(scene, clicks([50, 80]))].length).toBeGreaterThan(40)
  })

  it('stops when it is told to, with the reason', async () => {
    const controller = new AbortController()
    const reason = new Error('another click')
    const work = segmentThing(scene, clicks([50, 80]), controller.signal)
    setTimeout(() => controller.abort(reason), 5)
    await expect(work).rejects.toBe(reason)
    await expect(segmentThing(scene, clicks([50, 80]), AbortSignal.abort(reason))).rejects.toBe(reason)
  })
})
