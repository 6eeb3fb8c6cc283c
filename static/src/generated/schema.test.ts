import { readFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'
import { expect, test } from 'vitest'

const file = (path: string) => new URL(path, import.meta.url)

test('the types are those of openapi.json (npm run types)', async () => {
  const generated = astToString(await openapiTS(file('../../openapi.json')))
  const body = (text: string) => text.slice(text.indexOf('export'))
  expect(body(readFileSync(file('./schema.ts'), 'utf8'))).toBe(body(generated))
})
