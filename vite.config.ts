import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The page, as a browser and Electron load it. */
export default defineConfig({
  root: 'renderer',
  publicDir: false,
  plugins: [react()],
  build: {
    outDir: '../out/page',
    emptyOutDir: true,
    target: 'chrome140',
    // The content security policy lets nothing in from data: but pictures.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
  },
})
