/** The names in a program's text: functions, what they bind and return, calls, imports, classes. Pure. */

import { pythonLanguage } from '@codemirror/lang-python'

type SyntaxNode = ReturnType<typeof pythonLanguage.parser.parse>['topNode']

/** A function, or the program itself (the first scope). Lines count from 1, both ends included. */
export interface Scope {
  name: string
  from: number
  to: number
  parameters: readonly string[]
  /** The names that it binds: parameters, assigned names, variables of loops. */
  names: ReadonlySet<string>
  returns: readonly Return[]
}

/** A return statement; `name` is set where it returns a variable as it is. */
export interface Return {
  from: number
  to: number
  name: string | null
}

/** `name = ...`. `call`: whether a call makes the value. */
export interface Binding {
  name: string
  scope: Scope
  from: number
  to: number
  call: boolean
  /** The assigned value, as it is written. */
  value: string
}

/** A call; an argument that is a plain variable has a name here, any other is null. */
export interface Call {
  callee: string
  from: number
  to: number
  positional: readonly (string | null)[]
  named: ReadonlyMap<string, string | null>
}

export interface ClassOutline {
  name: string
  bases: readonly string[]
  from: number
  to: number
  /** `self.x = ...` in its methods: the attribute, and the value as it is written. */
  attributes: ReadonlyMap<string, string>
  methods: ReadonlyMap<string, readonly string[]>
}

export interface Outline {
  source: string
  /** The program first, then its functions in the order of the text. */
  scopes: readonly Scope[]
  bindings: readonly Binding[]
  calls: readonly Call[]
  /** The lines of `for` and `while` statements. */
  loops: readonly { from: number; to: number }[]
  /** `F` to `torch.nn.functional`. */
  imports: ReadonlyMap<string, string>
  classes: readonly ClassOutline[]
}

interface Open {
  names: Set<string>
  returns: Return[]
  scope: Scope
}

interface OpenClass extends ClassOutline {
  attributes: Map<string, string>
  methods: Map<string, readonly string[]>
}

interface Visit {
  node: SyntaxNode
  scope: Open
  inside: OpenClass | null
}

/** Reads a program, also one that is being written. */
export function outlineOf(source: string): Outline {
  return new Reader(source).read()
}

/** The innermost function whose lines hold `line`; the program itself outside of all. */
export function scopeAt(outline: Outline, line: number): Scope {
  return outline.scopes.findLast((scope) => scope.from <= line && line <= scope.to) ?? outline.scopes[0]!
}

/** The class whose lines hold `line`. */
export function classAt(outline: Outline, line: number): ClassOutline | undefined {
  return outline.classes.findLast((one) => one.from <= line && line <= one.to)
}

class Reader {
  private readonly starts: number[] = [0]
  private readonly scopes: Open[] = []
  private readonly bindings: Binding[] = []
  private readonly calls: Call[] = []
  private readonly loops: { from: number; to: number }[] = []
  private readonly imports = new Map<string, string>()
  private readonly classes: OpenClass[] = []

  constructor(private readonly source: string) {
    for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) this.starts.push(at + 1)
  }

  read(): Outline {
    const program = this.open('', 1, this.starts.length, [])
    this.walk(pythonLanguage.parser.parse(this.source).topNode, program)
    const scopes = this.scopes.map(({ scope }) => scope)
    const { source, bindings, calls, loops, imports, classes } = this
    return { source, scopes, bindings, calls, loops, imports, classes }
  }

  private open(name: string, from: number, to: number, parameters: readonly string[]): Open {
    const names = new Set(parameters)
    const returns: Return[] = []
    const open = { names, returns, scope: { name, from, to, parameters, names, returns } }
    this.scopes.push(open)
    return open
  }

  /** Every statement with the function and the class that it stands in. A loop: programs nest deeper than a stack does. */
  private walk(top: SyntaxNode, program: Open): void {
    const left: Visit[] = [{ node: top, scope: program, inside: null }]
    for (let visit = left.pop(); visit; visit = left.pop()) {
      const inner = this.enter(visit)
      for (const node of children(visit.node).reverse()) left.push({ ...inner, node })
    }
  }

  /** Notes what a node says; gives the surroundings of its children. */
  private enter({ node, scope, inside }: Visit): Omit<Visit, 'node'> {
    if (node.name === 'FunctionDefinition') return { inside, scope: this.enterFunction(node, scope, inside) }
    if (node.name === 'ClassDefinition') return { scope, inside: this.enterClass(node, scope) }
    if (node.name === 'AssignStatement') this.assign(node, scope, inside)
    if (node.name === 'ForStatement') this.loop(node, scope)
    if (/^(For|While)Statement$/.test(node.name))
      this.loops.push({ from: this.line(node.from), to: this.lastLine(node) })
    if (node.name === 'WithStatement') this.bindAfter(node, 'as', scope)
    if (node.name === 'ImportStatement') this.import(node)
    if (node.name === 'ReturnStatement') this.return(node, scope)
    if (node.name === 'CallExpression') this.call(node)
    return { scope, inside }
  }

  private enterFunction(node: SyntaxNode, outer: Open, inside: OpenClass | null): Open {
    const name = this.text(node.getChild('VariableName'))
    const list = node.getChild('ParamList')
    const parameters = list
      ? children(list)
          .filter(isParameter)
          .map((one) => this.text(one))
      : []
    if (inside) inside.methods.set(name, parameters.slice(1))
    else outer.names.add(name)
    return this.open(name, this.line(node.from), this.lastLine(node), parameters)
  }

  private enterClass(node: SyntaxNode, outer: Open): OpenClass {
    const name = this.text(node.getChild('VariableName'))
    const list = node.getChild('ArgList')
    const bases = list ? children(list).filter((one) => /^(VariableName|MemberExpression)$/.test(one.name)) : []
    outer.names.add(name)
    const entered: OpenClass = {
      name,
      bases: bases.map((one) => this.text(one)),
      from: this.line(node.from),
      to: this.lastLine(node),
      attributes: new Map(),
      methods: new Map(),
    }
    this.classes.push(entered)
    return entered
  }

  private assign(node: SyntaxNode, { names, scope }: Open, inside: OpenClass | null): void {
    const parts = children(node)
    const last = parts.findLastIndex((part) => part.name === 'AssignOp')
    const value = parts[last + 1]
    const targets = parts.slice(0, Math.max(0, last)).flatMap((part) => this.targets(part))
    for (const path of targets) {
      if (path.startsWith('self.') && inside) inside.attributes.set(path.slice(5), this.text(value ?? null))
      if (path.includes('.')) continue
      names.add(path)
      const [from, to] = [this.line(node.from), this.lastLine(node)]
      const call = value?.name === 'CallExpression' && targets.length === 1
      this.bindings.push({ name: path, scope, from, to, call, value: this.text(value ?? null) })
    }
  }

  /** The variables and attributes that a target binds, those of a tuple too. */
  private targets(target: SyntaxNode): string[] {
    const found: string[] = []
    const left = [target]
    for (let node = left.pop(); node; node = left.pop()) {
      if (/^(VariableName|MemberExpression)$/.test(node.name)) found.push(this.text(node))
      if (/^(Tuple|Array|Parenthesized)Expression$/.test(node.name)) left.push(...children(node).reverse())
    }
    return found
  }

  private loop(node: SyntaxNode, { names, scope }: Open): void {
    for (const part of children(node)) {
      if (part.name === 'in') return
      for (const path of this.targets(part)) {
        names.add(path)
        const line = this.line(node.from)
        this.bindings.push({ name: path, scope, from: line, to: line, call: false, value: '' })
      }
    }
  }

  private bindAfter(node: SyntaxNode, word: string, { names }: Open): void {
    const parts = children(node)
    parts.forEach((part, i) => {
      if (parts[i - 1]?.name === word && part.name === 'VariableName') names.add(this.text(part))
    })
  }

  private import(node: SyntaxNode): void {
    const text = this.text(node).replace(/[()\\\n]/g, ' ')
    const from = /^from\s+(\S+)\s+import\s+(.*)$/s.exec(text)
    const prefix = from ? `${from[1]}.` : ''
    for (const part of (from?.[2] ?? text.replace(/^import\s+/, '')).split(',')) {
      const [, path, alias] = /^\s*([\w.]+)(?:\s+as\s+(\w+))?\s*$/.exec(part) ?? []
      if (!path) continue
      // `import torch.nn` binds torch
      const root = path.split('.')[0] ?? path
      if (alias) this.imports.set(alias, prefix + path)
      else this.imports.set(root, prefix + (from ? path : root))
    }
  }

  private return(node: SyntaxNode, { returns }: Open): void {
    const value = children(node)[1]
    const name = value?.name === 'VariableName' ? this.text(value) : null
    returns.push({ from: this.line(node.from), to: this.lastLine(node), name })
  }

  private call(node: SyntaxNode): void {
    const [callee, list] = children(node)
    const positional: (string | null)[] = []
    const named = new Map<string, string | null>()
    for (const one of groups(list ? children(list) : [])) {
      const [first, sign, value] = one
      const plain = (part: SyntaxNode | undefined) => (part?.name === 'VariableName' ? this.text(part) : null)
      if (sign?.name === 'AssignOp' && first) named.set(this.text(first), plain(value))
      else positional.push(one.length === 1 ? plain(first) : null)
    }
    this.calls.push({
      callee: this.text(callee ?? null),
      from: this.line(node.from),
      to: this.lastLine(node),
      positional,
      named,
    })
  }

  private text(node: SyntaxNode | null): string {
    return node ? this.source.slice(node.from, node.to) : ''
  }

  private line(position: number): number {
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.starts[middle] ?? 0) <= position) low = middle
      else high = middle - 1
    }
    return low + 1
  }

  /** The last line on which a node has text: a body reaches to the start of what follows it. */
  private lastLine(node: SyntaxNode): number {
    const text = this.source.slice(node.from, node.to).trimEnd()
    return this.line(node.from + Math.max(0, text.length - 1))
  }
}

function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child)
  return found
}

/** The arguments of an argument list, each with its parts. */
function groups(parts: readonly SyntaxNode[]): SyntaxNode[][] {
  const found: SyntaxNode[][] = []
  let current: SyntaxNode[] = []
  for (const part of parts.slice(1)) {
    if (part.name !== ',' && part.name !== ')') current.push(part)
    else if (current.length > 0) {
      found.push(current)
      current = []
    }
  }
  return found
}

/** Parameters are the names of the list that are no default and no type. */
function isParameter(node: SyntaxNode): boolean {
  return node.name === 'VariableName' && node.prevSibling?.name !== 'AssignOp'
}
