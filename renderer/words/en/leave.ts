/** Exporting and saving. */
export const leave = {
  export: {
    title: 'Export',
    format: 'Format',
    quality: 'Quality',
    what: 'What',
    whole: 'The whole picture',
    layer: (name: string) => `Only “${name}”`,
    run: 'Export',
    keeps: 'Keeps the colour profile and the camera’s notes where the format can.',
    done: (name: string, size: string) => `Exported ${name} (${size}).`,
    formats: { png: 'PNG', jpeg: 'JPEG', webp: 'WebP', avif: 'AVIF', tiff: 'TIFF' },
    notes: {
      png: 'Lossless, keeps transparency.',
      jpeg: 'Small, for photographs. Transparency becomes white.',
      webp: 'Small, keeps transparency, for the web.',
      avif: 'Smallest, keeps transparency, slow to write.',
      tiff: 'Lossless, for print and other editors.',
    },
    preparing: 'Writing the file…',
  },
  save: {
    title: 'Save project as',
    path: 'Path',
    hint: 'One file holds the picture, its layers and its whole history. A path that begins with ~ lies in your home folder.',
    run: 'Save',
    already: (path: string) => `Everything is already saved in ${path}.`,
    done: (path: string) => `Saved to ${path}.`,
  },
} as const
