/** An empty canvas and new pictures. */
export const begin = {
  start: {
    title: 'Drop a picture',
    hint: 'or a project, anywhere in this window. You can also paste.',
    open: 'Open a file…',
    words: 'From words…',
    wordsTip: 'Describe a picture, and a model makes it',
    sizes: 'Start empty',
    custom: 'Other size…',
    samples: 'Try one',
    recents: 'Recent',
    noFile: 'not saved to a file yet',
  },
  sizes: {
    screen: 'Screen',
    square: 'Square',
    photo: 'Photo, 12 MP',
    a4: 'A4 at 300 ppi',
  },
  create: {
    title: 'New picture',
    name: 'Name',
    width: 'Width',
    height: 'Height',
    background: 'Background',
    white: 'White',
    black: 'Black',
    transparent: 'Transparent',
    create: 'Create',
    untitled: 'Untitled',
  },
  drop: { open: 'Drop to open', layer: 'Drop to place as a layer' },
} as const
