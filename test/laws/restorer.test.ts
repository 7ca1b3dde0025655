import { describe, expect, it } from 'vitest'
import { restorers } from '../../main/algorithms/index.ts'
import type { Network, Restored, Step } from '../../main/algorithms/roles.ts'
import { outcome } from '../../main/math/integrate.ts'
import type { Tensor } from '../../main/math/tensor.ts'
import { drawPicture, gaussianNetworks } from '../kit/gaussian-networks.ts'

/** Every restorer, in a Gaussian world. */
describe.each(restorers.map((method) => [method.id, method] as const))('the restorer %s', (_, method) => {
  const { damaged } = drawPicture(96, 128, 1)
  const byRole = gaussianNetworks()
  const networksWith = (wrap: (network: Network) => Network) =>
    Object.fromEntries(Object.entries(method.needs).map(([name, role]) => [name, wrap(byRole[role])])) as never
  const restorer = (wrap = (network: Network) => network) => method.make(method.params.parse({}), networksWith(wrap))
  const { signal } = new AbortController()
  const run = (seed: number, picture: Tensor = damaged): Promise<readonly Restored[]> => outcome(restorer().restore(picture, seed, signal))

  it('gives values in 0..1, one result to show, and measures that are numbers', async () => {
    const results = await run(2)
    expect(results.at(-1)?.visible).toBe(true)
    expect(results.filter(({ visible }) => visible)).toHaveLength(1)
    for (const { picture, measures } of results) {
      expect(picture.data.every((value) => value >= 0 && value <= 1)).toBe(true)
      expect(Object.values(measures).every(Number.isFinite)).toBe(true)
    }
  })

  it('gives pictures of the same shape, and the same bytes for the same seed', async () => {
    const [a, b] = [await run(5), await run(5)]
    expect(a).toEqual(b)
    for (const { picture } of a) expect(picture.shape).toEqual(damaged.shape)
  })

  it('leaves what it was given as it was', async () => {
    const before = damaged.data.slice()
    await run(7)
    expect(damaged.data).toEqual(before)
  })

  it('tells its steps in order up to the last', async () => {
    const steps: Step[] = []
    for await (const step of restorer().restore(damaged, 1, signal)) steps.push(step)
    for (const [i, { step, steps: all }] of steps.entries()) {
      expect(all).toBe(steps[0].steps)
      expect(step).toBeGreaterThanOrEqual(steps[Math.max(0, i - 1)].step)
    }
    expect(steps.at(-1)?.step).toBeCloseTo(steps[0].steps, 9)
    expect(steps.some(({ preview }) => preview)).toBe(true)
  })

  it('stops before the next call of a network once it is cancelled', async () => {
    const controller = new AbortController()
    let calls = 0
    const counted = (network: Network): Network => ({
      ...network,
      run: (inputs, stop) => {
        if (++calls === 4) controller.abort()
        return network.run(inputs, stop)
      },
    })
    const run = outcome(restorer(counted).restore(damaged, 1, controller.signal))
    await expect(run).rejects.toMatchObject({ name: 'AbortError' })
    expect(calls).toBe(4)
  })

  it('refuses in words what it cannot restore', async () => {
    const tiny = drawPicture(8, 40, 1).damaged
    await expect(run(1, tiny)).rejects.toMatchObject({ name: 'Refusal', why: expect.stringContaining('40 × 8') })
    const broken = { shape: damaged.shape, data: damaged.data.slice() }
    broken.data[100] = Number.NaN
    await expect(run(1, broken)).rejects.toMatchObject({ name: 'Refusal' })
  })
})
