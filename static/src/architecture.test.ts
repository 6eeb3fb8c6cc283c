/**
 * The layers of the page, read from its imports: value, type-only and dynamic ones, and those of workers.
 *
 * `core` ← `api`, `walk`, `ui` ← `stage` ← `page` ← `features` ← `app`: an import leads from the right to the left. The shared part of
 * the stage knows no altitude, and no feature knows another one.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const RANKS: Readonly<Record<string, number>> = {
  generated: 0,
  core: 1,
  api: 2,
  walk: 2,
  ui: 2,
  stage: 3,
  'stage/program': 4,
  'stage/network': 4,
  'stage/operation': 4,
  'stage host': 5,
  page: 6,
  feature: 7,
  features: 8,
  app: 9,
}

interface Import {
  from: string
  to: string
}

/** The element of the stage and its registry: all other files in that folder are shared by the altitudes, and know none of them. */
const STAGE_HOST: readonly string[] = ['stage/stage.ts', 'stage/altitudes.ts']

const PLAYER = /^app\/player-/

const ROOT = dirname(fileURLToPath(import.meta.url))
const FILES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter(isSource)
const IMPORTS = FILES.flatMap(importsOf)

test('imports lead down the layers, and not from one feature to another', () => {
  expect(IMPORTS.filter(isBreach).map(({ from, to }) => `${from} → ${to}`)).toEqual([])
})

test('every file is in a folder that has a rank', () => {
  expect(FILES.filter((file) => rankOf(file) === undefined)).toEqual([])
})

test('no files import each other in a circle', () => {
  expect(circleIn(IMPORTS)).toBeNull()
})

test('no folders import each other in a circle', () => {
  const folders = IMPORTS.map(({ from, to }) => ({ from: folderOf(from), to: folderOf(to) }))
  expect(circleIn(folders.filter(({ from, to }) => from !== to))).toBeNull()
})

test('no two files have the same name', () => {
  const names = FILES.map((file) => file.split('/').at(-1) ?? '').filter((name) => !/^(index|testing)\.ts$/.test(name))
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})

/** Return whether a path is that of a script of the page: not of a test, nor of a script that only the tests read. */
function isSource(path: string): boolean {
  return path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('golden/')
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const found = text.matchAll(
    /(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+|\bnew URL\(\s*)'(\.{1,2}\/[^'?]+)(?:\?[^']*)?'/g,
  )
  return [...found].flatMap(([, path = '']) => {
    const wanted = normalize(join(dirname(file), path))
    const to = [wanted, `${wanted}.ts`, `${wanted}/index.ts`].find((one) => FILES.includes(one))
    return to === undefined || to === file ? [] : [{ from: file, to }]
  })
}

function isBreach({ from, to }: Import): boolean {
  const [own, other] = [folderOf(from), folderOf(to)]
  if (own === other) return false
  const [above, below] = [rankOf(from) ?? 0, rankOf(to) ?? 0]
  // a feature is known to the list of features, and to the exported player, which has a list of its own
  const apart = other.startsWith('features/') && own !== 'features' && !PLAYER.test(from)
  return above < below || apart
}

/** The folder that a file belongs to, as far as layers go: each feature and each altitude is one of its own. */
function folderOf(file: string): string {
  if (STAGE_HOST.includes(file)) return 'stage host'
  const [first = '', second = '', third] = file.split('/')
  const parted = third !== undefined && (first === 'features' || first === 'stage')
  return parted ? `${first}/${second}` : first
}

function rankOf(file: string): number | undefined {
  const folder = folderOf(file)
  return folder.startsWith('features/') ? RANKS.feature : RANKS[folder]
}

/** A circle of imports, from one name back to itself; null without any. */
function circleIn(imports: readonly Import[]): string[] | null {
  const next = new Map<string, string[]>()
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to])
  const done = new Set<string>()
  const visit = (at: string, path: readonly string[]): string[] | null => {
    if (path.includes(at)) return [...path.slice(path.indexOf(at)), at]
    if (done.has(at)) return null
    for (const one of next.get(at) ?? []) {
      const circle = visit(one, [...path, at])
      if (circle !== null) return circle
    }
    done.add(at)
    return null
  }
  for (const name of next.keys()) {
    const circle = visit(name, [])
    if (circle !== null) return circle
  }
  return null
}
