/** The names of torch, as torch-names.json has them: what a room offers, with signatures and our own summaries. */

/** A room of torch: a module, or a class for what its objects offer. */
export type Room = string

export interface Member {
  name: string
  kind: 'function' | 'method' | 'class' | 'property' | 'constant' | 'namespace'
  /** "(input, *, out=None)"; several where there are several ways to call it; empty for what is not called. */
  signatures: readonly string[]
  summary: string | null
}

type Table = Readonly<Record<Room, Readonly<Record<string, string>>>>

/** Rooms that hold methods and attributes of objects. */
const CLASSES = new Set<Room>(['torch.Tensor', 'torch.nn.Module', 'torch.optim.Optimizer'])
/** Rooms in which a missing summary is looked up: x.relu() is torch.relu(x). */
const KIN: Readonly<Record<Room, readonly Room[]>> = {
  'torch.Tensor': ['torch'],
  'torch.nn.functional': ['torch'],
  torch: ['torch.nn.functional'],
}

export class TorchNames {
  constructor(
    private readonly rooms: Table,
    private readonly summaries: Table,
  ) {}

  has(room: Room): boolean {
    return room in this.rooms
  }

  /** Return all members of a room; empty for an unknown room. */
  members(room: Room): Member[] {
    return Object.keys(this.rooms[room] ?? {}).map((name) => this.describe(room, name))
  }

  /** "torch.nn.Linear"; null when there is no such name. */
  member(path: string): Member | null {
    const at = path.lastIndexOf('.')
    const [room, name] = [path.slice(0, at), path.slice(at + 1)]
    return Object.hasOwn(this.rooms[room] ?? {}, name) ? this.describe(room, name) : null
  }

  private describe(room: Room, name: string): Member {
    const text = this.rooms[room]?.[name] ?? ''
    const signatures = text.startsWith('(') ? text.split('\n') : []
    const rooms = [room, ...(KIN[room] ?? [])]
    const summary = rooms.map((one) => this.summaries[one]?.[name]).find((found) => found !== undefined) ?? null
    return { name, kind: kindOf(room, name, text), signatures, summary }
  }
}

/** The names, fetched once, when they are first wanted. */
export async function loadTorchNames(): Promise<TorchNames> {
  loaded ??= Promise.all([import('../../generated/torch-names.json'), import('./summaries.json')]).then(
    ([names, summaries]) => new TorchNames(names.default.rooms as Table, summaries.default as Table),
    (error: unknown) => {
      loaded = null
      throw error
    },
  )
  return loaded
}

let loaded: Promise<TorchNames> | null = null

function kindOf(room: Room, name: string, text: string): Member['kind'] {
  if (text === 'module') return 'namespace'
  if (text === 'attribute') return CLASSES.has(room) ? 'property' : 'constant'
  if (text === 'dtype') return 'constant'
  if (CLASSES.has(room)) return 'method'
  return /^[A-Z]/.test(name) ? 'class' : 'function'
}
