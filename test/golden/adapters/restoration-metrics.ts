import { gmsd } from '../../../main/math/metrics/gmsd.ts'
import { psnr } from '../../../main/math/metrics/psnr.ts'
import { ssim } from '../../../main/math/metrics/ssim.ts'
import { lumaOf, type Picture } from '../../../main/math/picture.ts'
import type { Adapter } from '../adapter.ts'
import { pictureOf } from '../picture-of.ts'

const lumaPicture = (picture: Picture): Picture => ({ shape: [1, picture.shape[1], picture.shape[2]], data: lumaOf(picture) })

export const restorationMetrics: Adapter = {
  name: 'restoration-metrics',
  recognises: ({ cases }) => cases?.[0]?.expected?.gmsd_luma !== undefined,
  compute({ inputs = {} }) {
    const [a, b] = [pictureOf(inputs.a), pictureOf(inputs.b)]
    const metrics = { psnr: psnr(a, b), gmsd_luma: gmsd(a, b), ssim_luma: ssim(lumaPicture(a), lumaPicture(b)) }
    return a.shape[0] === 3 ? { ...metrics, ssim_rgb_mean: ssim(a, b) } : metrics
  },
  tolerance: (path, { tolerance }) => tolerance[path.split('_')[0]] ?? 0,
}
