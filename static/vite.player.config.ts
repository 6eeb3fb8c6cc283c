/** The second build: the player and the handout, all in one script and one stylesheet, to be put into one file. */

import { defineConfig } from 'vite'

export default defineConfig({
  base: '/assets/player/',
  publicDir: false,
  // workers come out of the page's own file: there is no other to load them from
  resolve: { alias: [{ find: /^(.*)\?worker$/, replacement: '$1?worker&inline' }] },
  build: {
    outDir: 'dist/player',
    assetsDir: '',
    manifest: true,
    license: { fileName: 'licenses.md' },
    target: 'es2022',
    cssCodeSplit: false,
    modulePreload: false,
    rolldownOptions: { input: 'src/app/player-main.ts', output: { codeSplitting: false } },
  },
  worker: { format: 'es' },
})
