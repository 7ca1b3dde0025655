import { describe, expect, test } from 'vitest'
import { Region } from '../../preload/contract/region.ts'
import { gripAt } from '../../renderer/tools/frame.ts'
import { alt, drag, photo, play, press, release, shift, still, viewOf } from './kit/tool-events.ts'

const only = <T>(list: readonly T[]): T => {
  expect(list.length).toBe(1)
  return list[0] as T
}
const regionOf = (played: ReturnType<typeof play>): Region => {
  const wish = only(played.wishes)
  if (wish.type !== 'object') throw new Error(`It wished for "${wish.type}".`)
  return Region.parse(wish.region)
}

describe('box', () => {
  test('a drag in any direction shows whole pixels within the picture', () => {
    const played = play('rectangle', [press(300.4, 200.2), drag(200, 150), release(-20, 99.6)])
    expect(regionOf(played)).toEqual({ from: 'rectangle', x: 0, y: 100, width: 300, height: 100 })
    expect(played.overlays[1]).toEqual({ type: 'outline', line: [200, 150, 300, 150, 300, 200, 200, 200] })
    expect(played.commands).toEqual([])
  })

  test('Shift makes it a square', () => {
    expect(regionOf(play('rectangle', [press(10, 10), release(60, 30, shift)]))).toEqual({
      from: 'rectangle',
      x: 10,
      y: 10,
      width: 50,
      height: 50,
    })
  })

  test('a click, or a gesture taken away, shows nothing', () => {
    expect(play('rectangle', [press(10, 10), release(10, 10)]).wishes).toEqual([])
    expect(play('rectangle', [press(10, 10), drag(50, 50), { type: 'cancel' }, release(50, 50)]).wishes).toEqual([])
  })
})

describe('lasso', () => {
  test('a line around something becomes its outline, straightened where that is not seen', () => {
    const side = (from: readonly [number, number], to: readonly [number, number]) =>
      Array.from({ length: 50 }, (_, i) => drag(from[0] + ((to[0] - from[0]) * i) / 49, from[1] + ((to[1] - from[1]) * i) / 49))
    const played = play('lasso', [
      press(100, 100),
      ...side([100, 100], [200, 100]),
      ...side([200, 100], [200, 180]),
      ...side([200, 180], [100, 180]),
      release(100, 180),
    ])
    const region = regionOf(played)
    expect(region.from === 'polygon' && region.points.length).toBeLessThanOrEqual(6)
    expect(region.from === 'polygon' && region.points).toContainEqual([200, 180])
  })

  test('it stays within the picture, and a click shows nothing', () => {
    const region = regionOf(play('lasso', [press(390, 10), drag(500, 100), drag(390, 120), release(390, 120)]))
    expect(region.from === 'polygon' && region.points).toContainEqual([400, 100])
    expect(play('lasso', [press(10, 10), release(10, 10)]).wishes).toEqual([])
  })
})

describe('object', () => {
  test('a click is on a thing; with Shift on the same one, with Alt beside it', () => {
    const is = (modifiers = still) => only(play('object', [press(40, 50, modifiers), release(41, 50, modifiers)]).wishes)
    expect(is()).toEqual({ type: 'point', at: { x: 40, y: 50 }, is: 'on' })
    expect(is(shift)).toMatchObject({ is: 'on too' })
    expect(is(alt)).toMatchObject({ is: 'beside' })
  })

  test('a drag tells where the thing lies', () => {
    expect(regionOf(play('object', [press(40, 50), drag(90, 90), release(100, 120)]))).toEqual({
      from: 'thing',
      on: [],
      beside: [],
      box: { x: 40, y: 50, width: 60, height: 70 },
    })
  })

  test('nothing is found beside the picture, and a layer without pixels says so', () => {
    expect(play('object', [press(-5, 50), release(-5, 50)]).wishes).toEqual([])
    const wish = only(play('object', [press(40, 50), release(40, 50)], viewOf({ layer: { ...photo, pixels: null } })).wishes)
    expect(wish).toMatchObject({ type: 'refuse', what: 'Nothing was picked.' })
  })
})

describe('frame', () => {
  const framed = (events: Parameters<typeof play>[1], view = viewOf()) =>
    play('frame', events, view).wishes.map((wish) => (wish.type === 'frame' ? wish.frame : wish.type))

  test('edges and corners are in reach, the middle moves the whole', () => {
    const frame = { x: 0, y: 0, width: 400, height: 300 }
    expect(gripAt(frame, { x: 3, y: 150 }, 12)).toEqual({ x: -1, y: 0 })
    expect(gripAt(frame, { x: 405, y: 305 }, 12)).toEqual({ x: 1, y: 1 })
    expect(gripAt(frame, { x: 200, y: 150 }, 12)).toEqual({ x: 0, y: 0 })
    expect(gripAt(frame, { x: 420, y: 150 }, 12)).toBeNull()
  })

  test('an edge crops and extends; Alt takes the other side along', () => {
    expect(framed([press(400, 150), drag(350, 150), release(350, 150)])).toEqual([{ x: 0, y: 0, width: 350, height: 300 }])
    expect(framed([press(0, 0), drag(-50, 20)])).toEqual([{ x: -50, y: 20, width: 450, height: 280 }])
    expect(framed([press(400, 150), drag(420, 150, alt)])).toEqual([{ x: -20, y: 0, width: 440, height: 300 }])
    expect(framed([press(400, 150), drag(-900, 150)])).toEqual([{ x: 0, y: 0, width: 1, height: 300 }])
  })

  test('a gesture goes on from the frame in hand, and taken away leaves that', () => {
    const frame = { x: 0, y: 0, width: 350, height: 300 }
    expect(framed([press(350, 150), drag(340, 150), { type: 'cancel' }], viewOf({ frame }))).toEqual([
      { x: 0, y: 0, width: 340, height: 300 },
      frame,
    ])
  })

  test('Enter applies and Escape discards what is in hand, and nothing else', () => {
    const key = (name: string) => [{ type: 'key', key: name, modifiers: still }] as const
    const view = viewOf({ frame: { x: 0, y: 0, width: 350, height: 300 } })
    expect(framed(key('Enter'), view)).toEqual(['apply-frame'])
    expect(framed(key('Escape'), view)).toEqual([null])
    expect(framed(key('Enter'))).toEqual([])
  })
})
