/** Two or three held-out things of one style beside each other, and what each shall become: a thing that was learned in that style. */
export interface SceneText {
  readonly style: string
  /** Colours of the ground at its upper and its lower edge, 0..255. */
  readonly ground: readonly [upper: readonly number[], lower: readonly number[]]
  readonly objects: readonly (readonly [is: string, becomes: string])[]
}

const WHITE = [255, 255, 255]
const GROUNDS = {
  white: [WHITE, WHITE],
  paper: [
    [252, 248, 240],
    [240, 234, 222],
  ],
  sky: [
    [226, 238, 250],
    [250, 250, 252],
  ],
  mint: [
    [236, 246, 238],
    [222, 238, 228],
  ],
} as const

/** Written by hand: what is near in shape, and what is far. Half of them lie on white, as all that the model learned from. */
export const scenes: readonly SceneText[] = [
  {
    style: 'glossy',
    ground: GROUNDS.white,
    objects: [
      ['bell', 'pear'],
      ['drum', 'birthday cake'],
    ],
  },
  {
    style: 'glossy',
    ground: GROUNDS.paper,
    objects: [
      ['blue square', 'red square'],
      ['meat on bone', 'banana'],
    ],
  },
  {
    style: 'glossy',
    ground: GROUNDS.white,
    objects: [
      ['woman health worker', 'woman teacher'],
      ['mirror', 'lollipop'],
    ],
  },
  {
    style: 'glossy',
    ground: GROUNDS.sky,
    objects: [
      ['small blue diamond', 'purple heart'],
      ['bell', 'light bulb'],
      ['drum', 'honey pot'],
    ],
  },
  {
    style: 'flat',
    ground: GROUNDS.white,
    objects: [
      ['bell', 'mushroom'],
      ['blue square', 'yellow square'],
    ],
  },
  {
    style: 'flat',
    ground: GROUNDS.mint,
    objects: [
      ['drum', 'pot of food'],
      ['woman shrugging', 'man shrugging'],
    ],
  },
  {
    style: 'flat',
    ground: GROUNDS.white,
    objects: [
      ['small blue diamond', 'small orange diamond'],
      ['meat on bone', 'ear of corn'],
      ['mirror', 'crystal ball'],
    ],
  },
  {
    style: 'flat',
    ground: GROUNDS.paper,
    objects: [
      ['person bowing', 'woman bowing'],
      ['bell', 'red apple'],
    ],
  },
  {
    style: 'noto',
    ground: GROUNDS.white,
    objects: [
      ['drum', 'shortcake'],
      ['bell', 'pineapple'],
    ],
  },
  {
    style: 'noto',
    ground: GROUNDS.sky,
    objects: [
      ['blue square', 'green square'],
      ['woman health worker', 'man health worker'],
    ],
  },
  {
    style: 'noto',
    ground: GROUNDS.white,
    objects: [
      ['meat on bone', 'poultry leg'],
      ['small blue diamond', 'star'],
    ],
  },
  {
    style: 'noto',
    ground: GROUNDS.mint,
    objects: [
      ['mirror', 'balloon'],
      ['woman shrugging', 'man shrugging'],
      ['bell', 'avocado'],
    ],
  },
  {
    style: 'blob',
    ground: GROUNDS.white,
    objects: [
      ['bell', 'pear'],
      ['small blue diamond', 'yellow heart'],
    ],
  },
  {
    style: 'blob',
    ground: GROUNDS.paper,
    objects: [
      ['drum', 'birthday cake'],
      ['meat on bone', 'eggplant'],
    ],
  },
  {
    style: 'twemoji',
    ground: GROUNDS.white,
    objects: [
      ['bell', 'light bulb'],
      ['drum', 'trophy'],
    ],
  },
  {
    style: 'twemoji',
    ground: GROUNDS.sky,
    objects: [
      ['blue square', 'orange square'],
      ['person bowing', 'man bowing'],
    ],
  },
  {
    style: 'twemoji',
    ground: GROUNDS.white,
    objects: [
      ['meat on bone', 'banana'],
      ['mirror', 'tennis'],
      ['small blue diamond', 'red heart'],
    ],
  },
  {
    style: '3d',
    ground: GROUNDS.mint,
    objects: [
      ['bell', 'green apple'],
      ['drum', 'pancakes'],
    ],
  },
  {
    style: '3d',
    ground: GROUNDS.white,
    objects: [
      ['small blue diamond', 'large orange diamond'],
      ['woman health worker', 'woman cook'],
    ],
  },
  {
    style: '3d',
    ground: GROUNDS.paper,
    objects: [
      ['meat on bone', 'watermelon'],
      ['blue square', 'purple square'],
      ['mirror', 'gem stone'],
    ],
  },
]
