import { describe, expect, test } from 'vitest'
import type { StrokePoint } from '../../preload/contract/command.ts'
import { toolOf, tools } from '../../renderer/tools/index.ts'
import type { PointerStep, ToolEvent } from '../../renderer/tools/tool.ts'
import { alt, drag, fresh, masked, mod, photo, play, press, release, shift, still, viewOf } from './kit/tool-events.ts'

const brushOf = (erase: boolean) => ({
  size: 20,
  hardness: 0.5,
  opacity: 0.8,
  spacing: 0.08,
  color: [250, 10, 20],
  erase,
  pressureSize: true,
})

describe('every tool', () => {
  test('has a name, a key of its own and a line of help', () => {
    expect(new Set(tools.map(({ id }) => id)).size).toBe(tools.length)
    expect(new Set(tools.map(({ shortcut }) => shortcut)).size).toBe(tools.length)
    expect(tools.filter(({ title, help }) => title === '' || !help.endsWith('.'))).toEqual([])
  })

  test.each(tools.map(({ id }) => id))('%s leaves nothing behind when a gesture is taken away', (id) => {
    const { commands, overlays } = play(id, [press(10, 10), drag(30, 30), { type: 'cancel' }, release(40, 40)])
    expect(commands).toEqual([])
    expect(overlays.slice(2)).toEqual([null, null])
  })

  test('asking for a tool that does not exist is a defect', () => {
    expect(() => toolOf('trowel' as 'brush')).toThrow(RangeError)
  })
})

describe('brush', () => {
  test('shows the stroke as it grows and lays it as one command', () => {
    const { commands, overlays } = play('brush', [press(10, 10), drag(20, 10, still, 0.5), drag(30, 12), release(31, 12)])
    const points: StrokePoint[] = [
      [10, 10, 1],
      [20, 10, 0.5],
      [30, 12, 1],
      [31, 12, 1],
    ]
    const brush = brushOf(false)
    expect(commands).toEqual([{ type: 'stroke.paint', layer: 'photo', target: 'pixels', brush, points }])
    expect(overlays).toEqual([
      ...[1, 2, 3].map((count) => ({ type: 'stroke', layer: 'photo', target: 'pixels', brush, points: points.slice(0, count) })),
      null,
    ])
  })

  test('a click is a dab', () => {
    expect(play('brush', [press(10, 10), release(10, 10)]).commands).toMatchObject([{ points: [[10, 10, 1]] }])
  })

  test('takes every coalesced position, and leaves out what cannot be seen', () => {
    const many: PointerStep = {
      ...drag(14, 10),
      points: [
        [12, 10, 1],
        [12.1, 10, 1],
        [12.1, 10, 0.7],
        [14, 10, 0.7],
      ],
    }
    expect(play('brush', [press(10, 10), many, release(14, 10)]).commands).toMatchObject([
      {
        points: [
          [10, 10, 1],
          [12, 10, 1],
          [12.1, 10, 0.7],
          [14, 10, 0.7],
          [14, 10, 1],
        ],
      },
    ])
  })

  test('Shift draws a straight line from where the last stroke ended', () => {
    const view = viewOf({ lastPoint: { x: 100, y: 90 } })
    expect(play('brush', [press(10, 10, shift), release(10, 10, shift)], view).commands).toMatchObject([
      {
        points: [
          [100, 90, 1],
          [10, 10, 1],
        ],
      },
    ])
  })

  test('with Alt it is an eyedropper', () => {
    const { commands, wishes } = play('brush', [press(10.7, 10.2, alt), drag(20, 20, alt), release(20, 20, alt)])
    expect(commands).toEqual([])
    expect(wishes).toEqual([
      { type: 'pick', at: { x: 10, y: 10 }, to: 'color' },
      { type: 'pick', at: { x: 20, y: 20 }, to: 'color' },
    ])
  })

  test('without a layer it makes one, then paints on it', () => {
    const { commands, wishes, overlays } = play('brush', [press(10, 10), release(12, 10)], viewOf({ layer: null }))
    expect(commands).toMatchObject([
      { type: 'layer.add', layer: fresh },
      { type: 'stroke.paint', layer: fresh },
    ])
    expect(wishes).toEqual([{ type: 'activate', layer: fresh }])
    expect(overlays[0]).toMatchObject({ type: 'stroke', layer: fresh })
  })

  test.each([
    ['locked', { ...photo, locked: true }, { change: { locked: false } }],
    ['hidden', { ...photo, visible: false }, { change: { visible: true } }],
  ] as const)('on a %s layer it says why and offers the remedy', (word, layer, remedy) => {
    const { commands, wishes, overlays } = play('brush', [press(10, 10), drag(20, 10), release(20, 10)], viewOf({ layer }))
    expect(commands).toEqual([])
    expect(overlays).toEqual([null, null, null])
    expect(wishes).toMatchObject([{ type: 'refuse', why: `The layer is ${word}.`, remedy: { command: { type: 'layer.set', ...remedy } } }])
  })

  test('on a mask black hides and white shows', () => {
    const onMask = (color: readonly [number, number, number]) =>
      play('brush', [press(1, 1), release(1, 1)], viewOf({ layer: masked, target: 'mask', brush: { ...viewOf().brush, color } })).commands
    expect(onMask([0, 0, 0])).toMatchObject([{ target: 'mask', brush: { erase: true } }])
    expect(onMask([255, 255, 255])).toMatchObject([{ target: 'mask', brush: { erase: false } }])
  })

  test('a stroke longer than a command holds is laid in pieces that meet', () => {
    const long: PointerStep = { ...drag(0, 0), points: Array.from({ length: 20_500 }, (_, i) => [i % 400, (i * 7) % 300, 1]) }
    const { commands } = play('brush', [press(399, 299), long, drag(5, 5), release(6, 6)])
    const pieces = commands.map((command) => (command.type === 'stroke.paint' ? command.points : []))
    expect(pieces.map(({ length }) => length)).toEqual([20_000, 504])
    expect(pieces[1]?.[0]).toEqual(pieces[0]?.at(-1))
  })
})

describe('eraser and mask brush', () => {
  test('the eraser erases', () => {
    expect(play('eraser', [press(1, 1), release(2, 2)]).commands).toMatchObject([{ target: 'pixels', brush: brushOf(true) }])
  })

  test('the eraser makes no layer to erase on', () => {
    const { commands, wishes } = play('eraser', [press(1, 1), release(2, 2)], viewOf({ layer: null }))
    expect(commands).toEqual([])
    expect(wishes).toMatchObject([{ type: 'refuse', remedy: { command: { type: 'layer.add' } } }])
  })

  test('the mask brush hides, and with Control it shows', () => {
    const view = viewOf({ layer: masked })
    expect(play('mask-brush', [press(1, 1), release(2, 2)], view).commands).toMatchObject([{ target: 'mask', brush: { erase: true } }])
    // The modifier counts when the stroke begins, not when it ends.
    expect(play('mask-brush', [press(1, 1, mod), release(2, 2)], view).commands).toMatchObject([
      { target: 'mask', brush: { erase: false } },
    ])
  })

  test('without a mask it offers one', () => {
    const { commands, wishes } = play('mask-brush', [press(1, 1), release(2, 2)])
    expect(commands).toEqual([])
    expect(wishes).toMatchObject([{ type: 'refuse', remedy: { command: { type: 'mask.add', layer: 'photo', rest: 255 } } }])
  })
})

describe('move', () => {
  test('shows the layer where it would be and moves it by whole pixels', () => {
    const { commands, overlays } = play('move', [press(10, 10), drag(15.4, 7.6), release(20.6, 8)])
    expect(overlays).toEqual([{ type: 'move', layer: 'photo', dx: 0, dy: 0 }, { type: 'move', layer: 'photo', dx: 5, dy: -2 }, null])
    expect(commands).toEqual([{ type: 'layer.translate', layer: 'photo', dx: 11, dy: -2 }])
  })

  test('Shift keeps to the longer way', () => {
    expect(play('move', [press(0, 0), release(3, 20, shift)]).commands).toMatchObject([{ dx: 0, dy: 20 }])
    expect(play('move', [press(0, 0), release(30, 20, shift)]).commands).toMatchObject([{ dx: 30, dy: 0 }])
  })

  test('a click moves nothing', () => {
    expect(play('move', [press(5, 5), release(5.3, 5)]).commands).toEqual([])
  })

  test('arrows move by one, with Shift by ten; other keys do nothing', () => {
    const key = (name: string, modifiers = still): ToolEvent => ({ type: 'key', key: name, modifiers })
    expect(play('move', [key('ArrowLeft'), key('ArrowDown', shift), key('x')]).commands).toEqual([
      { type: 'layer.translate', layer: 'photo', dx: -1, dy: 0 },
      { type: 'layer.translate', layer: 'photo', dx: 0, dy: 10 },
    ])
  })

  test('a locked layer stays, and no layer is no layer', () => {
    const locked = play('move', [press(0, 0), drag(9, 9), release(9, 9)], viewOf({ layer: { ...photo, locked: true } }))
    expect(locked.commands).toEqual([])
    expect(locked.wishes).toMatchObject([{ type: 'refuse', why: 'The layer is locked.' }])
    expect(play('move', [press(0, 0), release(9, 9)], viewOf({ layer: null })).wishes).toMatchObject([{ why: 'No layer is selected.' }])
  })
})

describe('eyedropper, hand, zoom', () => {
  test('the eyedropper picks whole pixels of the document only', () => {
    const { wishes } = play('eyedropper', [press(399.9, 0), drag(400, 0), drag(-0.1, 5), drag(3, 4, shift), release(3, 4)])
    expect(wishes).toEqual([
      { type: 'pick', at: { x: 399, y: 0 }, to: 'color' },
      { type: 'pick', at: { x: 3, y: 4 }, to: 'background' },
    ])
  })

  test('the hand keeps the picture under it', () => {
    const view = viewOf({ look: { zoom: 2, center: { x: 200, y: 150 } } })
    expect(play('hand', [press(100, 100), drag(140, 90), release(140, 90)], view).wishes).toEqual([
      { type: 'look', look: { zoom: 2, center: { x: 180, y: 155 } } },
    ])
  })

  test('zoom steps in and out with the point under it held still', () => {
    expect(play('zoom', [press(300, 150), release(300, 150)]).wishes).toEqual([
      { type: 'look', look: { zoom: 1.5, center: { x: 200 + 100 * (1 - 1 / 1.5), y: 150 } } },
    ])
    expect(play('zoom', [press(200, 150), release(200, 150, alt)]).wishes).toEqual([
      { type: 'look', look: { zoom: 2 / 3, center: { x: 200, y: 150 } } },
    ])
  })

  test('dragging zooms by degrees and the release adds nothing', () => {
    const { wishes } = play('zoom', [press(200, 150), drag(202, 150), drag(320, 150), release(320, 150)])
    expect(wishes).toEqual([{ type: 'look', look: { zoom: 2, center: { x: 200, y: 150 } } }])
  })
})
