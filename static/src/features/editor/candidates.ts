/** Completion candidates at the cursor, and the meaning of a name of torch. Pure. */

import { type ClassOutline, classAt, type Outline, scopeAt } from '../../core/python-outline'
import { BUILTINS, KEYWORDS } from './python-names'
import type { Member, Room, TorchNames } from './torch-names'

/** The name that is being written: "F" and "re" of `F.re`. `receiver` is null where no dot stands before the word. */
export interface Wanted {
  receiver: string | null
  word: string
}

/** A name that is offered. */
export interface Candidate {
  name: string
  kind: Member['kind'] | 'variable' | 'keyword'
  signatures: readonly string[]
  summary: string | null
}

/** The end of an expression whose value cannot be read from the text: a call, an index. */
const SOME_VALUE = '()'

/** Short names that every tutorial uses, for a program that has not imported them yet. */
const USUAL: Readonly<Record<string, Room>> = {
  torch: 'torch',
  nn: 'torch.nn',
  F: 'torch.nn.functional',
  optim: 'torch.optim',
}

/** Return the name that ends at the cursor, from the text before it; null where no name is being written. */
export function wantedAt(before: string): Wanted | null {
  const dotted = /((?:[\p{L}_][\w\p{L}]*\.)*[\p{L}_][\w\p{L}]*|[)\]])\s*\.\s*([\p{L}_][\w\p{L}]*)?$/u.exec(before)
  if (dotted) {
    const receiver = dotted[1] ?? ''
    return { receiver: /[)\]]/.test(receiver) ? SOME_VALUE : receiver, word: dotted[2] ?? '' }
  }
  const [word] = /[\p{L}_][\w\p{L}]*$/u.exec(before) ?? []
  // 1e5 and 0x1f are numbers
  return word && !/\d$/.test(before.slice(0, -word.length)) ? { receiver: null, word } : null
}

/** All names that can stand there; the editor picks those that begin like the word. `line`: from 1. */
export function candidatesFor(
  { receiver }: Wanted,
  outline: Outline,
  line: number,
  names: TorchNames,
  isTensor: (name: string) => boolean,
): Candidate[] {
  if (receiver === null) return [...ownNames(outline, line, names), ...pythonNames()]
  if (receiver === 'self') return selfNames(classAt(outline, line), outline, names)
  const path = torchPath(receiver, outline)
  if (path !== null) return names.has(path) ? names.members(path) : []
  const room = isTensor(receiver) ? 'torch.Tensor' : roomOf(receiver, outline, line)
  if (room === null) return []
  const own = outline.classes.find(({ name }) => name === room)
  return own ? selfNames(own, outline, names) : names.members(room)
}

/** Return the torch name behind `name`: torch.nn.functional.relu for `F.relu`; null when it is not from torch. */
export function torchMember(name: string, outline: Outline, names: TorchNames): Member | null {
  const path = torchPath(name, outline)
  return path === null ? null : names.member(path)
}

function torchPath(name: string, outline: Outline): string | null {
  const [first = '', ...rest] = name.split('.')
  const bound = outline.scopes.some((scope) => scope.names.has(first))
  const root = outline.imports.get(first) ?? (bound ? undefined : USUAL[first])
  return root !== undefined && /^torch\b/.test(root) ? [root, ...rest].join('.') : null
}

/** Return the kind of object of a receiver, as far as the text shows it: a room of torch or a class of the program; else null. */
function roomOf(receiver: string, outline: Outline, line: number): Room | null {
  if (receiver === SOME_VALUE) return 'torch.Tensor'
  const [first = '', ...rest] = receiver.split('.')
  if (rest.length > 0) {
    const attribute = rest.at(-1) ?? ''
    const value = classAt(outline, line)?.attributes.get(attribute)
    return value === undefined
      ? /^(weight|bias|grad|data|T)$/.test(attribute)
        ? 'torch.Tensor'
        : null
      : made(value, outline)
  }
  if (outline.imports.has(first)) return null
  const scope = scopeAt(outline, line)
  const binding = outline.bindings.findLast(
    (one) => one.name === first && (one.scope === scope || one.scope.name === ''),
  )
  // a parameter: in a program for torch, most are tensors
  return binding === undefined ? 'torch.Tensor' : made(binding.value, outline)
}

/** Return the type that an expression makes: a module for `nn.Linear(1, 2)`, nothing of torch for `[1, 2]`. */
function made(value: string, outline: Outline): Room | null {
  if (/^(\[|\{|["']|[\d.]|-\d|\(|None\b|True\b|False\b)/.test(value)) return null
  const [callee] = /^[\w.]+(?=\()/.exec(value) ?? []
  if (callee === undefined) return 'torch.Tensor'
  if (Object.hasOwn(BUILTINS, callee)) return null
  const own = outline.classes.find(({ name }) => name === callee)
  if (own) return own.name
  const path = torchPath(callee, outline) ?? ''
  if (/^torch\.nn\.[A-Z]\w*$/.test(path)) return 'torch.nn.Module'
  return /^torch\.optim\.[A-Z]\w*$/.test(path) ? 'torch.optim.Optimizer' : 'torch.Tensor'
}

function selfNames(own: ClassOutline | undefined, outline: Outline, names: TorchNames): Candidate[] {
  if (own === undefined) return []
  const attributes = [...own.attributes.keys()].map((name) => plain(name, 'property'))
  const methods = [...own.methods].map(([name, parameters]) => ({
    ...plain(name, 'method'),
    signatures: [`(${parameters.join(', ')})`],
  }))
  const isModule = own.bases.some((base) => torchPath(base, outline)?.startsWith('torch.nn.'))
  return distinct([...attributes, ...methods, ...(isModule ? names.members('torch.nn.Module') : [])])
}

/** The variables, functions and classes that the program has at a line, and what it imports. */
function ownNames(outline: Outline, line: number, names: TorchNames): Candidate[] {
  const scope = scopeAt(outline, line)
  const variables = [...scope.names, ...(outline.scopes[0]?.names ?? [])].map((name) => ownName(name, outline))
  const imported = [...outline.imports].map(([name, path]): Candidate => {
    const member = names.member(path)
    return member ? { ...member, name } : plain(name, 'namespace')
  })
  return distinct([...variables, ...imported])
}

function ownName(name: string, outline: Outline): Candidate {
  const scope = outline.scopes.find((one) => one.name === name)
  if (scope) return { ...plain(name, 'function'), signatures: [`(${scope.parameters.join(', ')})`] }
  const own = outline.classes.find((one) => one.name === name)
  if (own === undefined) return plain(name, 'variable')
  return { ...plain(name, 'class'), signatures: [`(${(own.methods.get('__init__') ?? []).join(', ')})`] }
}

function pythonNames(): Candidate[] {
  const builtins = Object.entries(BUILTINS).map(([name, [signature, summary]]): Candidate => {
    return { name, kind: 'function', signatures: [signature], summary }
  })
  return [...KEYWORDS.map((name) => plain(name, 'keyword')), ...builtins]
}

function plain(name: string, kind: Candidate['kind']): Candidate {
  return { name, kind, signatures: [], summary: null }
}

function distinct(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map([...candidates].reverse().map((one) => [one.name, one])).values()].reverse()
}
