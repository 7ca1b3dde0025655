import { defineConfig } from 'electron-vite'
import page from './vite.config.ts'

/** The desktop build: main process and engine, preload script, page. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rollupOptions: {
        input: { index: 'main/index.ts', engine: 'main/engine/index.ts' },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload script is CommonJS and loads nothing but electron.
      externalizeDeps: false,
      rollupOptions: { input: { index: 'preload/index.ts' }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: { ...page, build: { ...page.build, outDir: 'out/page', rollupOptions: { input: { index: 'renderer/index.html' } } } },
})
