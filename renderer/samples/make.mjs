// Draws the two pictures that an empty canvas offers. Everything in them is made here: `node renderer/samples/make.mjs`.
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

const here = dirname(fileURLToPath(import.meta.url))

/** Uniform numbers in 0..1 that are the same on every machine. */
function uniform(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A ragged line of hills from left to right, closed at the bottom. */
function hills(random, base, height, roughness, width = 960) {
  let points = [base, base - height * random(), base]
  for (let spread = height; points.length < 240; spread *= roughness) {
    points = points.flatMap((y, i) => (i === 0 ? [y] : [(points[i - 1] + y) / 2 + (random() - 0.5) * spread, y]))
  }
  const line = points.map((y, i) => `${((i / (points.length - 1)) * width).toFixed(1)},${y.toFixed(1)}`)
  return `M0,720 L${line.join(' L')} L${width},720 Z`
}

/** A fir as a stack of ragged triangles. */
function fir(random, x, foot, height) {
  let path = ''
  for (let tier = 0; tier < 7; tier++) {
    const top = foot - height + (tier * height) / 8
    const half = (height * (tier + 1.4)) / 30 + random() * 2
    path += `M${x},${top.toFixed(1)} l${half.toFixed(1)},${(height / 5).toFixed(1)} l${(-2 * half).toFixed(1)},${(random() * 3).toFixed(1)} Z `
  }
  return path
}

/** A lake at evening: ridges in haze, firs, a hut with a lit window, and all of it again in the water. */
function lake() {
  const random = uniform(7)
  const shore = 470
  const ridges = [
    ['#9c8fa3', hills(random, 330, 190, 0.56)],
    ['#6f6a83', hills(random, 390, 150, 0.58)],
    ['#454a5e', hills(random, 440, 90, 0.6)],
  ]
  const forest = Array.from({ length: 90 }, () => fir(random, random() * 960, shore + random() * 6, 40 + random() ** 2 * 95)).join('')
  const ripples = Array.from({ length: 260 }, () => {
    const y = shore + 8 + random() ** 1.4 * 236
    const width = (8 + random() * 60) * (0.4 + (y - shore) / 160)
    const light = random() > 0.45
    return `<ellipse cx="${(random() * 960).toFixed(0)}" cy="${y.toFixed(0)}" rx="${width.toFixed(0)}" ry="${(0.5 + (y - shore) / 170).toFixed(1)}" fill="${light ? '#ffd9b0' : '#1b2233'}" opacity="${(0.08 + random() * 0.2).toFixed(2)}"/>`
  }).join('')
  const land = `${ridges.map(([colour, path]) => `<path d="${path}" fill="${colour}" filter="url(#rock)"/>`).join('')}<rect y="300" width="960" height="170" fill="url(#haze)"/><path d="${forest}" fill="#1d2a2b"/>
    <g><path d="M640,430 l46,-34 l46,34 Z" fill="#3a2622"/><path d="M635,431 l51,-38 l51,38" stroke="#5b3b31" stroke-width="5" fill="none"/><rect x="648" y="430" width="76" height="42" fill="#4c332b"/>
    ${Array.from({ length: 6 }, (_, i) => `<rect x="648" y="${430 + i * 7}" width="76" height="1.4" fill="#2a1b17"/>`).join('')}<rect x="660" y="441" width="18" height="16" fill="#ffcf73"/><path d="M669,441 v16 M660,449 h18" stroke="#4c332b" stroke-width="1.6"/><rect x="696" y="440" width="15" height="32" fill="#2d1d18"/><rect x="706" y="392" width="9" height="22" fill="#32211d"/></g>`
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="960" height="720"><defs>
    <linearGradient id="sky" x2="0" y2="1"><stop stop-color="#33507d"/><stop offset=".42" stop-color="#b98f9d"/><stop offset=".62" stop-color="#f7bb84"/><stop offset=".7" stop-color="#ffdca6"/></linearGradient>
    <linearGradient id="haze" x2="0" y2="1"><stop stop-color="#f4b98a" stop-opacity="0"/><stop offset="1" stop-color="#f4b98a" stop-opacity=".42"/></linearGradient>
    <linearGradient id="deep" x2="0" y2="1"><stop stop-color="#243048" stop-opacity=".25"/><stop offset="1" stop-color="#0f1626" stop-opacity=".8"/></linearGradient>
    <radialGradient id="sun"><stop stop-color="#fff6dd"/><stop offset=".18" stop-color="#ffe9b8" stop-opacity=".95"/><stop offset="1" stop-color="#ffcf8a" stop-opacity="0"/></radialGradient>
    <filter id="clouds" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" baseFrequency=".004 .016" numOctaves="5" seed="11"/><feColorMatrix values="0 0 0 0 1  0 0 0 0 .83  0 0 0 0 .72  2.6 0 0 0 -1.15"/></filter>
    <filter id="rock" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" baseFrequency=".03 .05" numOctaves="4" seed="5" result="n"/><feDiffuseLighting in="n" surfaceScale="7" lighting-color="#fff" result="l"><feDistantLight azimuth="205" elevation="52"/></feDiffuseLighting><feComposite in="l" in2="SourceGraphic" operator="arithmetic" k1="1.15"/><feComposite in2="SourceGraphic" operator="in"/></filter>
    <clipPath id="above"><rect width="960" height="${shore}"/></clipPath></defs>
    <g id="scene" clip-path="url(#above)"><rect width="960" height="720" fill="url(#sky)"/><rect width="960" height="400" filter="url(#clouds)" opacity=".75"/><circle cx="300" cy="330" r="190" fill="url(#sun)"/>${land}</g>
    <g transform="translate(0 ${2 * shore}) scale(1 -1)" clip-path="url(#above)"><use xlink:href="#scene"/></g>
    <rect y="${shore}" width="960" height="${720 - shore}" fill="url(#deep)"/>${ripples}
    <path d="M0,720 L0,668 Q120,640 250,676 T520,700 L560,720 Z" fill="#131a1c"/>
    <path d="${Array.from({ length: 70 }, () => `M${(random() * 500).toFixed(0)},712 q${(random() * 8 - 4).toFixed(0)},-30 ${(random() * 26 - 13).toFixed(0)},-${(36 + random() * 62).toFixed(0)}`).join(' ')}" stroke="#1e2a25" stroke-width="2" fill="none"/></svg>`
}

/** A pear and a blue jug on a table, in light from the left: two things, clearly apart. */
function stillLife() {
  const random = uniform(3)
  const crackle = Array.from({ length: 160 }, () => {
    const angle = random() * Math.PI * 2
    const far = Math.sqrt(random())
    return `<circle cx="${(318 + Math.cos(angle) * far * 104).toFixed(0)}" cy="${(470 + Math.sin(angle) * far * 112).toFixed(0)}" r="${(0.8 + random() * 1.6).toFixed(1)}" fill="#6f5417" opacity="${(0.2 + random() * 0.4).toFixed(2)}"/>`
  }).join('')
  const pear =
    'M318,236 C352,236 368,276 374,326 C382,384 436,404 436,474 C436,546 384,588 318,588 C252,588 202,546 202,474 C202,404 256,384 264,326 C270,276 286,236 318,236 Z'
  const jug =
    'M560,232 L716,232 C712,268 706,284 720,318 C748,372 776,410 776,470 C776,552 726,600 640,600 C554,600 504,552 504,470 C504,410 532,372 558,318 C570,284 566,268 560,232 Z'
  return `<svg xmlns="http://www.w3.org/2000/svg" width="960" height="720"><defs>
    <radialGradient id="wall" cx=".26" cy=".3" r="1"><stop stop-color="#b3a48c"/><stop offset=".5" stop-color="#7c705f"/><stop offset="1" stop-color="#37322c"/></radialGradient>
    <linearGradient id="table" x2="1" y2=".3"><stop stop-color="#a3704a"/><stop offset=".6" stop-color="#74492c"/><stop offset="1" stop-color="#3d2617"/></linearGradient>
    <radialGradient id="pear" cx=".34" cy=".55" r=".75"><stop stop-color="#f6e38a"/><stop offset=".38" stop-color="#d9bb4a"/><stop offset=".72" stop-color="#9a8a2a"/><stop offset="1" stop-color="#4c4714"/></radialGradient>
    <radialGradient id="blush" cx=".78" cy=".7" r=".45"><stop stop-color="#b8461f" stop-opacity=".75"/><stop offset="1" stop-color="#b8461f" stop-opacity="0"/></radialGradient>
    <linearGradient id="jug"><stop stop-color="#4d7fa6"/><stop offset=".22" stop-color="#8fbcd9"/><stop offset=".42" stop-color="#3d73a0"/><stop offset=".75" stop-color="#1d4266"/><stop offset=".95" stop-color="#122a45"/><stop offset="1" stop-color="#2a4f70"/></linearGradient>
    <filter id="soft" x="-.3" y="-.3" width="1.6" height="1.6"><feGaussianBlur stdDeviation="13"/></filter><filter id="bit" x="-.2" y="-.2" width="1.4" height="1.4"><feGaussianBlur stdDeviation="5"/></filter>
    <filter id="plaster" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" baseFrequency=".021" numOctaves="5" seed="2" result="n"/><feDiffuseLighting in="n" surfaceScale="2.6" lighting-color="#fff" result="l"><feDistantLight azimuth="215" elevation="58"/></feDiffuseLighting><feComposite in="l" in2="SourceGraphic" operator="arithmetic" k1="1.16"/></filter>
    <filter id="wood" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" baseFrequency=".006 .11" numOctaves="4" seed="8" result="n"/><feColorMatrix in="n" values="0 0 0 0 .13  0 0 0 0 .07  0 0 0 0 .03  1.9 0 0 0 -.72" result="g"/><feMerge><feMergeNode in="SourceGraphic"/><feMergeNode in="g"/></feMerge></filter></defs>
    <rect width="960" height="530" fill="url(#wall)" filter="url(#plaster)"/><rect y="520" width="960" height="200" fill="url(#table)" filter="url(#wood)"/><rect y="518" width="960" height="5" fill="#2a1a10" opacity=".5"/>
    <ellipse cx="420" cy="590" rx="200" ry="26" fill="#1c0f07" opacity=".72" filter="url(#soft)"/><ellipse cx="770" cy="604" rx="220" ry="28" fill="#1c0f07" opacity=".72" filter="url(#soft)"/>
    <path d="M712,282 C800,262 846,312 824,378 C810,424 780,446 748,452" fill="none" stroke="#1d4266" stroke-width="25" stroke-linecap="round"/><path d="M712,277 C796,258 838,308 817,374" fill="none" stroke="#6d9cbd" stroke-width="5" stroke-linecap="round" opacity=".8"/>
    <path d="${jug}" fill="url(#jug)"/><path d="M512,440 C600,468 690,468 770,440" stroke="#dfeaf0" stroke-width="4" fill="none" opacity=".75"/><path d="M507,462 C600,492 690,492 775,462" stroke="#dfeaf0" stroke-width="2" fill="none" opacity=".6"/>
    ${Array.from({ length: 9 }, (_, i) => `<path d="M${524 + i * 27},${513 + Math.sin((i / 8) * Math.PI) * 15} l12,-17 l12,17 l-12,17 Z" fill="#dfeaf0" opacity="${(0.78 - i * 0.055).toFixed(2)}"/>`).join('')}
    <ellipse cx="638" cy="232" rx="78" ry="13" fill="#10263c"/><ellipse cx="638" cy="232" rx="78" ry="13" fill="none" stroke="#8fb4cc" stroke-width="4"/><path d="M566,330 C548,380 532,408 530,462" stroke="#fff" stroke-width="12" opacity=".5" fill="none" stroke-linecap="round" filter="url(#bit)"/>
    <path d="${pear}" fill="url(#pear)"/><path d="${pear}" fill="url(#blush)"/>${crackle}<ellipse cx="266" cy="440" rx="26" ry="46" fill="#fffbe0" opacity=".55" filter="url(#bit)" transform="rotate(16 266 440)"/><ellipse cx="294" cy="304" rx="11" ry="30" fill="#fffbe0" opacity=".5" filter="url(#bit)"/>
    <path d="M316,240 C312,212 318,190 340,168" stroke="#4a3418" stroke-width="9" fill="none" stroke-linecap="round"/><path d="M314,236 C310,212 316,190 337,169" stroke="#8a6a3a" stroke-width="2.5" fill="none" stroke-linecap="round"/></svg>`
}

/** Grain as a camera gives it: Gaussian, in 8-bit levels, the same in every run. */
async function withNoise(picture, deviation, seed) {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const random = uniform(seed)
  const noisy = data.map((value) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    return Math.max(0, Math.min(255, Math.round(value + deviation * normal)))
  })
  return sharp(noisy, { raw: { width: info.width, height: info.height, channels: 3 } })
}

const photograph = await sharp(Buffer.from(lake())).removeAlpha().blur(0.6).png().toBuffer()
await (await withNoise(photograph, 25, 25)).jpeg({ quality: 20 }).toFile(join(here, 'damaged-photograph.jpg'))
const painting = await sharp(Buffer.from(stillLife())).removeAlpha().png().toBuffer()
await (await withNoise(painting, 1.5, 4)).jpeg({ quality: 88 }).toFile(join(here, 'still-life.jpg'))

writeFileSync(
  join(here, 'samples.json'),
  `${JSON.stringify(
    [
      {
        id: 'damaged-photograph',
        title: 'A damaged photograph',
        summary: 'Grain and compression have eaten it. Restore it in one click.',
        file: 'damaged-photograph.jpg',
      },
      { id: 'still-life', title: 'A still life', summary: 'A pear and a jug. Paint on it, mask it, move things.', file: 'still-life.jpg' },
    ],
    null,
    2,
  )}\n`,
)
