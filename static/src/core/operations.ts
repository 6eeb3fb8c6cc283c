/** The table of operations, by their recorded names: the page's only access to `operations.json`. Pure. */

import table from '../generated/operations.json'

/**
 * How the elements of a result depend on the inputs: each on one of every input (`elementwise`), one on a group of them
 * (`reduction`), or each is a number that the program gave or a copy (`writes_constants`). Null: in any other way.
 */
export type Kind = keyof typeof table.kinds

export interface Operation {
  kind: Kind | null
  /** The sign on its card; null: its name stands there. */
  sign: string | null
  /** The word that a screen reader speaks; null: its name is spoken. */
  word: string | null
  /** By argument: how a contribution is written for matrices, as `upstream @ <other>.T`. */
  gradient: Readonly<Record<string, string>>
  /** Its part in an attention that a program writes out: it mixes values by weights, or passes the weights on. */
  attention: keyof typeof table.attention | null
  /** The sign between two operands, as in "x × w". */
  infix: string | null
  /** The argument that is the right operand also where it is a plain number. */
  right: string | null
}

const UNKNOWN: Operation = {
  kind: null,
  sign: null,
  word: null,
  gradient: {},
  attention: null,
  infix: null,
  right: null,
}
const INFINITE: ReadonlySet<unknown> = new Set(['inf', '-inf', 'Infinity', '-Infinity'])
const OPERATIONS: ReadonlyMap<string, Operation> = read()
const ARGUMENTS: Readonly<Record<string, string>> = table.arguments

function read(): Map<string, Operation> {
  const found = new Map<string, Operation>()
  const set = (name: string, part: Partial<Operation>) => found.set(name, { ...UNKNOWN, ...found.get(name), ...part })
  const each = <T extends string>(groups: Readonly<Record<T, string>>, part: (value: T) => Partial<Operation>) => {
    for (const value of Object.keys(groups) as T[]) for (const name of groups[value].split(' ')) set(name, part(value))
  }
  each(table.kinds, (kind) => ({ kind }))
  each(table.signs, (sign) => ({ sign }))
  each(table.words, (word) => ({ word }))
  each(table.infixes, (infix) => ({ infix }))
  each(table.right, (right) => ({ right }))
  each(table.attention, (attention) => ({ attention }))
  for (const [name, gradient] of Object.entries(table.gradients)) set(name, { gradient })
  return found
}

/** Return whether the name is that of an in-place form: `add_`, not `__setitem__`. */
export function isInPlace(op: string): boolean {
  return op.endsWith('_') && !op.endsWith('__')
}

/** Return the name without the underscore of an in-place form. */
export function baseName(op: string): string {
  return isInPlace(op) ? op.slice(0, -1) : op
}

/** Return what is known of an operation. An in-place form is known as the operation itself. */
export function operationOf(op: string | null | undefined): Operation {
  return OPERATIONS.get(baseName(op ?? '')) ?? UNKNOWN
}

/** Return the one name of an argument, which PyTorch's overloads call by several: `self` for `input`. */
export function canonicalArgument(argument: string): string {
  return ARGUMENTS[argument] ?? argument
}

/**
 * Return whether the program itself gave infinite numbers that are in the result: the operation only copies what it is
 * given, or it was given an infinite number (`scores + float("-inf")`). As `writes_constants` in gradwalk.operations.
 */
export function writesConstants(op: string | null | undefined, given: Readonly<Record<string, unknown>>): boolean {
  return operationOf(op).kind === 'writes_constants' || Object.values(given).some(holdsInfinity)
}

function holdsInfinity(value: unknown): boolean {
  return Array.isArray(value) ? value.some(holdsInfinity) : INFINITE.has(value)
}
