import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/** Leaves comments and indentation out of the styles of components, which minifying takes for text. */
const compactStyles: Plugin = {
  name: 'compact-styles',
  apply: 'build',
  transform: (code, file) =>
    /\/src\/.+\.ts$/.test(file)
      ? code.replace(/\bcss`[^`]*`/g, (style) => style.replace(/\/\*.*?\*\//gs, '').replace(/\s+/g, ' '))
      : null,
}

export default defineConfig({
  plugins: [compactStyles],
  base: '/assets/',
  publicDir: false,
  build: {
    outDir: 'dist',
    assetsDir: '',
    manifest: true,
    license: true,
    target: 'es2022',
    rolldownOptions: {
      input: 'src/app/main.ts',
      // many small files that most parts of the page share take longer to load than one
      output: {
        codeSplitting: {
          groups: [{ name: 'core', test: /src\/(core\/(?!python)|walk\/|ui\/|stage\/|api\/)/, minShareCount: 2 }],
        },
      },
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': 'http://127.0.0.1:8000' } },
  // a limit against hanging only: a busy machine may take long
  test: { include: ['src/**/*.test.ts'], testTimeout: 60_000 },
})
