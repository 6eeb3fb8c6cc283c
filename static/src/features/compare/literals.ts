/** The literals of a program that can be varied, found in its syntax: strings and comments stay as they are. Pure. */

import { pythonLanguage } from '@codemirror/lang-python'
import { outlineOf } from '../../core/python-outline'

type SyntaxNode = ReturnType<typeof pythonLanguage.parser.parse>['topNode']

/** A number in the text. `from`, `to`: offsets; `line`: from 1. `context`: how it is introduced, "SGD lr", "manual_seed". */
export interface Literal {
  from: number
  to: number
  line: number
  text: string
  context: string
}

/** An argument as it stands in the text; without a name where it is given by its place. */
export interface Argument {
  name: string | null
  from: number
  to: number
  text: string
  /** `*args`, `**kwargs`: nobody knows what is in it. */
  spread: boolean
}

/** A call of an optimizer of torch.optim. */
export interface OptimizerCall {
  name: string
  line: number
  from: number
  to: number
  callee: { from: number; to: number }
  given: readonly Argument[]
}

export interface Variable {
  seeds: readonly Literal[]
  rates: readonly Literal[]
  optimizers: readonly OptimizerCall[]
}

const SEED = /(^|\.)(manual_seed|manual_seed_all|seed)$/
const RATE = /^(lr|learning_rate)$/
const OPTIM = 'torch.optim.'

export function variableIn(source: string): Variable {
  return new Search(source).run()
}

class Search {
  private readonly imports: ReadonlyMap<string, string>
  private readonly seeds: Literal[] = []
  private readonly rates = new Map<number, Literal>()
  private readonly optimizers: OptimizerCall[] = []

  constructor(private readonly source: string) {
    this.imports = outlineOf(source).imports
  }

  run(): Variable {
    const left = [pythonLanguage.parser.parse(this.source).topNode]
    for (let node = left.pop(); node; node = left.pop()) {
      if (node.name === 'CallExpression') this.call(node)
      if (node.name === 'AssignStatement') this.assigned(children(node))
      if (node.name === 'ArgList' || node.name === 'ParamList') this.named(children(node))
      if (node.name === 'DictionaryExpression') this.keyed(children(node))
      left.push(...children(node).reverse())
    }
    const rates = [...this.rates.values()].sort((a, b) => a.from - b.from)
    return { seeds: this.seeds, rates, optimizers: this.optimizers }
  }

  private call(node: SyntaxNode): void {
    const [callee, list] = children(node)
    if (!callee || list?.name !== 'ArgList') return
    const given = this.argumentsOf(list)
    const path = this.resolved(this.text(callee))
    const [first] = given
    if (SEED.test(path) && first && given.length === 1 && isNumber(first.text))
      this.seeds.push(this.literal(first, path.split('.').at(-1) ?? ''))
    if (!path.startsWith(OPTIM) || path.slice(OPTIM.length).includes('.')) return
    const name = path.slice(OPTIM.length)
    const [from, to, line] = [node.from, node.to, this.line(node.from)]
    this.optimizers.push({ name, line, from, to, callee: { from: callee.from, to: callee.to }, given })
    // torch.optim.SGD(params, 0.1)
    const second = given[1]
    if (second && second.name === null && isNumber(second.text)) this.rate(second, `${name} lr`)
    for (const one of given)
      if (one.name === 'lr' && isNumber(numberOf(one))) this.rate(rangeOfValue(one), `${name} lr`)
  }

  private assigned(parts: readonly SyntaxNode[]): void {
    const [target, sign, value] = parts
    if (parts.length === 3 && sign?.name === 'AssignOp' && target && value) this.pair(target, value)
  }

  private named(parts: readonly SyntaxNode[]): void {
    parts.forEach((part, i) => {
      if (part.name === 'AssignOp' && parts[i - 1] && parts[i + 1]) this.pair(parts[i - 1]!, parts[i + 1]!)
    })
  }

  private keyed(parts: readonly SyntaxNode[]): void {
    parts.forEach((part, i) => {
      const [key, value] = [parts[i - 1], parts[i + 1]]
      if (part.name !== ':' || !key || !value) return
      const name = /^['"](\w+)['"]$/.exec(this.text(key))?.[1] ?? ''
      if (RATE.test(name) && isNumber(this.text(value))) this.rate(this.range(value), name)
    })
  }

  private pair(name: SyntaxNode, value: SyntaxNode): void {
    if (name.name !== 'VariableName' || !RATE.test(this.text(name)) || !isNumber(this.text(value))) return
    if (!this.rates.has(value.from)) this.rate(this.range(value), this.text(name))
  }

  private rate(place: Range, context: string): void {
    this.rates.set(place.from, this.literal(place, context))
  }

  private literal({ from, to }: Range, context: string): Literal {
    return { from, to, line: this.line(from), text: this.source.slice(from, to), context }
  }

  private argumentsOf(list: SyntaxNode): Argument[] {
    const found: Argument[] = []
    let parts: SyntaxNode[] = []
    for (const part of children(list).slice(1)) {
      if (part.name !== ',' && part.name !== ')') parts.push(part)
      else if (parts.length > 0) {
        const [first, sign] = parts as [SyntaxNode, SyntaxNode | undefined]
        const [from, to] = [first.from, (parts.at(-1) as SyntaxNode).to]
        const name = sign?.name === 'AssignOp' ? this.text(first) : null
        found.push({ name, from, to, text: this.source.slice(from, to), spread: /^\*+$/.test(first.name) })
        parts = []
      }
    }
    return found
  }

  /** Return the name of a callee with the short name of an import written out. */
  private resolved(callee: string): string {
    const [root = '', ...rest] = callee.replace(/\s/g, '').split('.')
    return [this.imports.get(root) ?? root, ...rest].join('.')
  }

  private range(node: SyntaxNode): Range {
    return { from: node.from, to: node.to }
  }

  private text(node: SyntaxNode): string {
    return this.source.slice(node.from, node.to)
  }

  private line(position: number): number {
    return this.source.slice(0, position).split('\n').length
  }
}

interface Range {
  from: number
  to: number
}

function numberOf({ text }: Argument): string {
  return text.slice(text.indexOf('=') + 1).trim()
}

function rangeOfValue(argument: Argument): Range {
  return { from: argument.to - numberOf(argument).length, to: argument.to }
}

/** A plain number, as Python writes it. */
export function isNumber(text: string): boolean {
  return /^[+-]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(e[+-]?\d+)?$/i.test(text.trim())
}

function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child)
  return found
}
