import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const git = (...args: string[]): string[] =>
  execFileSync('git', ['ls-files', '-z', ...args], { cwd: root, maxBuffer: 1 << 26 })
    .toString()
    .split('\0')
    .filter((file) => file !== '' && existsSync(join(root, file)))

/** Everything that is or will be committed. */
const files = git('--cached', '--others', '--exclude-standard')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const sources = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file))
const product = sources.filter((file) => /^(main|preload|renderer)\//.test(file))

/**
 * Who may import whom: `folder → folders of ours, packages`. The longest folder that holds a file decides;
 * a file may always import its own folder. `node:` stands for Node's own modules.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'preload/contract': ['zod'],
  'preload/wire': ['preload/contract', 'zod'],
  'preload/index.ts': ['preload/wire', 'electron'],
  'main/math': [],
  'main/algorithms': ['main/math', 'zod'],
  'main/store': ['preload/contract', 'better-sqlite3', 'zod', 'node:'],
  'main/engine': [
    'main/algorithms',
    'main/math',
    'preload/contract',
    'preload/wire',
    'main/store/blobs.ts',
    'onnxruntime-node',
    'sharp',
    'yaml',
    'zod',
    'node:',
  ],
  'main/studio': ['main/store', 'preload/contract', 'preload/wire', 'main/engine/contract.ts', 'zod', 'node:'],
  'main/hosts': ['main/studio', 'main/store', 'main/engine/child-process.ts', 'preload/contract', 'preload/wire', 'node:'],
  'main/hosts/web': ['main/hosts/*', 'main/studio', 'main/store', 'preload/contract', 'preload/wire', 'ws', 'node:'],
  'main/hosts/cli': ['main/hosts/*', 'main/studio', 'main/store', 'preload/contract', 'preload/wire', 'node:'],
  'main/hosts/electron': [
    'main/hosts/*',
    'main/studio',
    'main/store',
    'main/engine/contract.ts',
    'preload/contract',
    'preload/wire',
    'electron',
    'node:',
  ],
  'main/index.ts': ['main/hosts/electron', 'main/studio', 'electron'],
  renderer: [
    'preload/contract',
    'preload/wire',
    'main/math',
    'react',
    'react-dom',
    'konva',
    'react-konva',
    'lucide-react',
    'zustand',
    '@fontsource-variable/inter',
    'zod',
  ],
  'renderer/samples': ['sharp', 'node:'],
}

/** The one door of each dependency: no other file may import it. A folder ends in a slash. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  'better-sqlite3': ['main/store/database.ts'],
  electron: ['main/hosts/electron/', 'main/index.ts', 'preload/index.ts'],
  ws: ['main/hosts/web/'],
  yaml: ['main/engine/models/comfyui.ts'],
  konva: ['renderer/canvas/'],
  'react-konva': ['renderer/canvas/'],
  zustand: ['renderer/'],
  'react-dom': ['renderer/'],
}

/** Files over the limit, each with the reason why it is one thing. */
const LONG: Readonly<Record<string, string>> = {}
const LINES = 300

interface Import {
  readonly file: string
  /** A file of ours from the root, or a package's name. */
  readonly target: string
  readonly isType: boolean
}

function importsOf(file: string): Import[] {
  const text = read(file).replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g, '')
  const found = text.matchAll(
    /(?:^|\n|;)\s*(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s*)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]/g,
  )
  return [...found].map(([, type, fixed, dynamic]) => {
    const specifier = fixed ?? dynamic ?? ''
    const isOurs = specifier.startsWith('.')
    const name = specifier.startsWith('node:')
      ? 'node:'
      : specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/')
    return { file, target: isOurs ? relative(root, join(root, dirname(file), specifier)) : name, isType: type !== undefined }
  })
}

const imports = product.flatMap(importsOf)
const within = (path: string, place: string) => path === place || path.startsWith(place.endsWith('/') ? place : `${place}/`)
const allowed = (target: string, place: string) => (place.endsWith('/*') ? dirname(target) === place.slice(0, -2) : within(target, place))

describe('arrows', () => {
  const folders = Object.keys(MAY_IMPORT).sort((a, b) => b.length - a.length)
  const folderOf = (file: string) => folders.find((folder) => within(file, folder))

  test('every import follows the table', () => {
    const wrong = imports.filter(({ file, target }) => {
      const folder = folderOf(file)
      if (!folder) return true
      return !within(target, folder) && !(MAY_IMPORT[folder] ?? []).some((place) => allowed(target, place))
    })
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
  })

  test('no wing of the algorithms imports another, and nothing but the registry a room', () => {
    const wing = (path: string) => /^main\/algorithms\/([^/]+)\//.exec(path)?.[1]
    const rooms = new Set(product.filter((file) => wing(file) && /= define\(/.test(read(file))))
    expect(rooms.size).toBeGreaterThan(50)
    const wrong = imports.filter(
      ({ file, target }) => (wing(file) && wing(target) && wing(file) !== wing(target)) || (wing(file) && rooms.has(target)),
    )
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
  })

  test('each dependency has its one door', () => {
    const wrong = imports.filter(({ file, target }) => DOORS[target] && !DOORS[target].some((door) => within(file, door)))
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
  })

  test('the runtime is loaded in one file of the engine', () => {
    const doors = new Set(imports.filter(({ target, isType }) => target === 'onnxruntime-node' && !isType).map(({ file }) => file))
    expect(doors.size).toBeLessThanOrEqual(1)
    expect([...doors].every((file) => file.startsWith('main/engine/sessions'))).toBe(true)
  })

  test('the pure world has neither clock nor chance', () => {
    const impure =
      /\b(Math\.random|Date\.now|new Date\b|performance\.now|process\.(env|argv|on)|setTimeout|document\.(body|create)|window\.(document|location|add))/
    const pure = product.filter((file) => /^(main\/(math|algorithms)|preload\/contract)\//.test(file))
    const code = (file: string) => read(file).replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
    expect(pure.filter((file) => impure.test(code(file)))).toEqual([])
  })
})

describe('names', () => {
  test('source files and their folders are kebab-case', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*$/
    const wrong = sources.filter((file) => file.split('/').some((part) => !kebab.test(part)))
    expect(wrong).toEqual([])
  })

  test('there are no drawers', () => {
    const drawer = /(^|\/)(utils?|helpers?|common|lib|misc|managers?)(\/|\.[a-z]+$)|(^|\/)types\.ts$/
    expect(sources.filter((file) => drawer.test(file))).toEqual([])
  })

  test('no folder repeats its parent', () => {
    expect(sources.filter((file) => file.split('/').some((part, i, parts) => i > 0 && part === parts[i - 1]))).toEqual([])
  })

  test('barrels are the contract, the wire and the registries alone', () => {
    const barrels = product.filter((file) => /^export \* from/m.test(read(file)))
    expect(barrels.sort()).toEqual(['preload/contract/index.ts', 'preload/wire/index.ts'])
  })

  test('only configuration has default exports', () => {
    const wrong = sources.filter((file) => /^export default\b/m.test(read(file)) && !basename(file).endsWith('.config.ts'))
    expect(wrong).toEqual([])
  })
})

describe('size', () => {
  const lines = (file: string) => read(file).split('\n').length - 1

  test(`no file has more than ${LINES} lines, but those named with a reason`, () => {
    expect(sources.filter((file) => lines(file) > LINES && !LONG[file])).toEqual([])
    expect(Object.keys(LONG).filter((file) => !existsSync(join(root, file)) || lines(file) <= LINES)).toEqual([])
  })

  test('half of the files have at most 120', () => {
    const sorted = product.map(lines).sort((a, b) => a - b)
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(120)
  })
})

describe('completeness', () => {
  test('every wing has a README', () => {
    const wings = [
      ...['algorithms', 'engine', 'hosts', 'math', 'store', 'studio'].map((wing) => `main/${wing}`),
      ...['preload', 'renderer', 'native-models', 'test'],
    ]
    expect(wings.filter((wing) => !files.includes(`${wing}/README.md`))).toEqual([])
  })

  test('every method that is declared is in the registry, which is sorted', async () => {
    const declaring = product.filter((file) => /^main\/algorithms\/.+\//.test(file) && /\bdefine\(/.test(read(file)))
    const registered = new Set(imports.filter(({ file }) => file === 'main/algorithms/index.ts').map(({ target }) => target))
    expect(declaring.filter((file) => !registered.has(file))).toEqual([])
    const { methods } = await import('../main/algorithms/index.ts')
    const ids = methods.map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)].sort())
    expect(ids.length).toBeGreaterThanOrEqual(declaring.length)
  })

  test('every relative link in the documents leads somewhere', () => {
    const documents = files.filter((file) => file.endsWith('.md') && !file.startsWith('native-models/training/'))
    const broken = documents.flatMap((file) =>
      [...read(file).matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)]
        .map(([, link]) => relative(root, join(root, dirname(file), link as string)))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${file} → ${target}`),
    )
    expect(broken).toEqual([])
  })
})

describe('words', () => {
  const texts = files.filter(
    (file) => /\.(ts|tsx|mjs|css|html|md|json|yml|py|txt)$|(^|\/)[^.]+$/.test(file) && file !== 'package-lock.json',
  )

  test('the project speaks of itself alone', () => {
    // No path of one machine, no address to fetch packages from. Split, so that this file does not name them.
    const foreign = new RegExp(
      ['registry\\.' + 'npmjs', 'npm' + 'mirror', '/work/' + '(main|shared)', '/tmp/' + 'brief', '/home/[a-z]'].join('|'),
      'i',
    )
    expect(texts.filter((file) => foreign.test(read(file)))).toEqual([])
  })

  test('the lock file names no address', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "http/)
  })

  test('comments speak of what is, not of plans', () => {
    const plan = /\b(TODO|FIXME|XXX|HACK)\b/
    expect(sources.filter((file) => file !== 'test/architecture.test.ts' && plan.test(read(file)))).toEqual([])
  })
})
