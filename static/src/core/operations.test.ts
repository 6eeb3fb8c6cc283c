import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it, test } from 'vitest'
import table from '../generated/operations.json'
import torchNames from '../generated/torch-names.json'
import { baseName, canonicalArgument, operationOf, writesConstants } from './operations'

test.each([
  ['mul', { kind: 'elementwise', sign: '×', word: 'multiplication' }],
  ['mul_', { kind: 'elementwise', sign: '×', word: 'multiplication' }],
  ['log_sigmoid', { kind: 'elementwise', sign: null, word: null }],
  ['mish', { kind: 'elementwise' }],
  ['prod', { kind: 'reduction' }],
  ['__setitem__', { kind: 'writes_constants', sign: '[ ]=', word: 'writing by index' }],
  ['linear', { kind: null, sign: 'Wx+b' }],
  ['dropout', { kind: 'elementwise', attention: 'passes' }],
])('%s is known', (op, part) => {
  expect(operationOf(op)).toMatchObject(part)
})

test('nothing is known of another operation', () => {
  for (const op of ['my_function', '', '_', 'constructor', null, undefined])
    expect(operationOf(op)).toEqual({
      kind: null,
      sign: null,
      word: null,
      gradient: {},
      attention: null,
      infix: null,
      right: null,
    })
})

test('an in-place form has the name of its operation', () => {
  expect(['add_', 'add', '__setitem__', '_threshold'].map(baseName)).toEqual([
    'add',
    'add',
    '__setitem__',
    '_threshold',
  ])
})

test('an argument has one name', () => {
  expect(['input', 'mat2', 'weight'].map(canonicalArgument)).toEqual(['self', 'other', 'weight'])
})

describe('numbers that the program gave', () => {
  it.each(['masked_fill', 'fill_', 'where', 'triu', 'tensor', 'full'])('are written by %s', (op) => {
    expect(writesConstants(op, {})).toBe(true)
  })

  it('are written by whatever gets an infinite number', () => {
    for (const infinite of ['-inf', 'inf', [0, '-inf']]) expect(writesConstants('add', { other: infinite })).toBe(true)
  })

  it('are not what arithmetic makes', () => {
    for (const given of [{}, { other: 1e30 }, { other: 'nan' }, { mode: 'info' }])
      expect(writesConstants('add', given)).toBe(false)
    expect(writesConstants(null, {})).toBe(false)
  })
})

/** More names of operations than this in one list are a second table. */
const FEW = 2
/** The lists that name other things than recorded operations, each with the reason. */
const OTHERS: Readonly<Record<string, string>> = {
  'features/builder/builder-spec.ts': "kinds of layers in the builder's specification, which its server defines",
}
const ROOT = join(import.meta.dirname, '..')
/** The fields of a tensor's statistics, which are called like operations. */
const STATISTICS: ReadonlySet<string> = new Set(['min', 'max', 'mean', 'std', 'norm', 'zeros'])
const NAMES: ReadonlySet<string> = new Set([
  ...[...Object.values(table.kinds), ...Object.values(table.signs), ...Object.values(table.attention)].flatMap(
    (names) => names.split(' '),
  ),
  ...Object.keys(torchNames.rooms['torch.nn.functional']),
])

function textOf(node: ts.Node | undefined): string[] {
  if (node === undefined) return []
  if (ts.isStringLiteralLike(node) || ts.isIdentifier(node)) return node.text.trim().split(/\s+/)
  return ts.isArrayLiteralExpression(node) ? textOf(node.elements[0]) : []
}

/** The words of a list: the elements of an array, the keys of an object, the words of a text, the cases of a switch. */
function wordsOf(node: ts.Node): string[] {
  if (ts.isArrayLiteralExpression(node)) return node.elements.filter((one) => !ts.isIdentifier(one)).flatMap(textOf)
  if (ts.isObjectLiteralExpression(node))
    return node.properties.flatMap((one) => (ts.isPropertyAssignment(one) ? textOf(one.name) : []))
  if (ts.isCaseBlock(node)) return node.clauses.flatMap((one) => (ts.isCaseClause(one) ? textOf(one.expression) : []))
  if (ts.isUnionTypeNode(node))
    return node.types.flatMap((one) => (ts.isLiteralTypeNode(one) ? textOf(one.literal) : []))
  return ts.isStringLiteralLike(node) ? textOf(node) : []
}

function tablesIn(path: string, text: string): string[] {
  const found: string[] = []
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const visit = (node: ts.Node): void => {
    const words = new Set(wordsOf(node))
    const known = [...words].filter((word) => !STATISTICS.has(word) && NAMES.has(baseName(word)))
    // a sentence or a style may hold such words too: a table holds little else
    if (known.length > FEW && known.length > words.size / 2) found.push(`${path}: ${known.join(' ')}`)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function sources(): string[] {
  const all = readdirSync(ROOT, { recursive: true, encoding: 'utf-8' }).map((path) => path.replaceAll('\\', '/'))
  const isTest = (path: string) => /(\.test|\/testing|^generated\/.*)\.ts$/.test(path)
  return all.filter((path) => path.endsWith('.ts') && !isTest(path) && !(path in OTHERS))
}

test('the page has no second table of operations', () => {
  const paths = sources()
  expect(paths).toContain('core/operations.ts')
  expect(paths.flatMap((path) => tablesIn(path, readFileSync(join(ROOT, path), 'utf-8')))).toEqual([])
})

test.each([
  "const MATMUL = new Set(['matmul', 'mm', 'bmm'])",
  "const SIGNS = { mul: '×', add_: '+', sub: '−' }",
  "const ELEMENTWISE = 'abs add clamp cos'.split(' ')",
  "switch (op) { case 'relu': case 'gelu': case 'tanh': return 1 }",
  "type Activation = 'relu' | 'gelu' | 'tanh'",
  "const WORDS = [['relu', 'ReLU'], ['gelu', 'GELU'], ['softmax', 'Softmax']]",
])('a second table is found: %s', (text) => {
  expect(tablesIn('x.ts', text)).toHaveLength(1)
})
