import { defineConfig } from 'vitest/config'

export default defineConfig({
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
