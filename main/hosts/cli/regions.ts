import type { CommandOf } from '../../../preload/contract/command.ts'
import { type Arguments, type Flags, misunderstood, texts } from './flags.ts'

type Objects = CommandOf<'picture.imagine'>['objects']
type Region = Objects[number]['region']

/** Flags that show parts of a picture. Words after `=` say what that part becomes. */
export const REGIONS: Flags = {
  box: {
    type: 'string',
    multiple: true,
    value: 'X,Y,W,H[="WORDS"]',
    help: 'a rectangle in pixels, and what it becomes; may be given again',
  },
  thing: { type: 'string', multiple: true, value: 'X,Y[="WORDS"]', help: 'the thing at a point, and what it becomes; may be given again' },
  outline: { type: 'string', multiple: true, value: 'X,Y,X,Y,X,Y…[="WORDS"]', help: 'the inside of a line; may be given again' },
}

/** The parts that were shown. @throws FaultError `invalid` */
export function objectsOf(given: Arguments): Objects {
  return [
    ...texts(given, 'box').map((shown) => objectOf('box', shown, boxOf)),
    ...texts(given, 'thing').map((shown) => objectOf('thing', shown, thingOf)),
    ...texts(given, 'outline').map((shown) => objectOf('outline', shown, outlineOf)),
  ]
}

function objectOf(flag: string, shown: string, regionOf: (numbers: number[]) => Region | null): Objects[number] {
  const [place = '', ...words] = shown.split('=')
  const numbers = place.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  const region = numbers.every(Number.isFinite) ? regionOf(numbers) : null
  if (!region) throw misunderstood(`--${flag} is "${shown}".`, `Give it as ${REGIONS[flag]?.value}.`)
  return { region, becomes: words.join('=').trim() }
}

function boxOf([x, y, width, height, ...more]: number[]): Region | null {
  if (x === undefined || y === undefined || !width || !height || width < 0 || height < 0 || more.length > 0) return null
  return { from: 'rectangle', x, y, width, height }
}

const thingOf = (numbers: number[]): Region | null =>
  numbers.length === 2 ? { from: 'thing', on: [numbers as [number, number]], beside: [], box: null } : null

function outlineOf(numbers: number[]): Region | null {
  if (numbers.length < 6 || numbers.length % 2 === 1) return null
  const points = Array.from({ length: numbers.length / 2 }, (_, i) => numbers.slice(2 * i, 2 * i + 2) as [number, number])
  return { from: 'polygon', points }
}
