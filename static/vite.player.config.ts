/** The second build: the player and the handout, all in one script and one stylesheet, to be put into one file. */

import { defineConfig } from 'vite'

const INLINE = { './layout-worker': 'layout-worker', './parse-worker': 'parse-worker' }

export default defineConfig({
  base: '/assets/player/',
  publicDir: false,
  resolve: {
    alias: Object.entries(INLINE).map(([name, own]) => ({
      find: new RegExp(`^${name.replace('.', '\\.')}$`),
      replacement: new URL(`./src/player/${own}.ts`, import.meta.url).pathname,
    })),
  },
  build: {
    outDir: 'dist/player',
    assetsDir: '',
    manifest: true,
    license: { fileName: 'licenses.md' },
    target: 'es2022',
    cssCodeSplit: false,
    modulePreload: false,
    rolldownOptions: { input: 'src/player/main.ts', output: { codeSplitting: false } },
  },
  worker: { format: 'es' },
})
