/** The tensors that autograd saved for the backward step of an operation, and their memory. Pure. */

import type { AutogradNode, Graph, SavedTensor } from '../../core/contract'
import { labelOf } from '../../core/labels'

export interface Memory {
  /** The number of saved tensors, and of different pieces of memory. */
  tensors: number
  pieces: number
  /** The bytes of all, each piece of memory counted once. */
  bytes: number
  /** The bytes of tensors that are no node's value: memory for backward alone. */
  extra: number
}

/** The memory of what an operation's autograd nodes saved; null where the recording does not tell of all of them. */
export function memoryOf(autograd: readonly AutogradNode[]): Memory | null {
  if (autograd.length === 0 || autograd.some((one) => !one.tensors)) return null
  const pieces = new Map<number, { bytes: number; extra: boolean }>()
  const saved = autograd.flatMap((one) => one.tensors ?? [])
  for (const { storage = 0, bytes, node } of saved) {
    const piece = pieces.get(storage) ?? { bytes: 0, extra: true }
    pieces.set(storage, { bytes: Math.max(piece.bytes, bytes), extra: piece.extra && !node })
  }
  const sum = (some: readonly { bytes: number }[]) => some.reduce((total, { bytes }) => total + bytes, 0)
  const all = [...pieces.values()]
  return { tensors: saved.length, pieces: all.length, bytes: sum(all), extra: sum(all.filter((one) => one.extra)) }
}

/** "2 tensors, 108 B": the heading of what an operation saved. */
export function describeMemory({ tensors, bytes }: Memory): string {
  if (tensors === 0) return 'no tensor'
  return `${tensors} ${tensors === 1 ? 'tensor' : 'tensors'}, ${formatBytes(bytes)}`
}

/** Return an explanation of the sum, in sentences; "" where nothing was saved. */
export function explainMemory({ tensors, pieces, extra }: Memory): string {
  if (tensors === 0) return ''
  const shared = pieces < tensors ? ' Some of them share their memory: it is counted once.' : ''
  if (extra === 0) return `They are tensors that the program has anyway: nothing was copied.${shared}`
  return `${formatBytes(extra)} of it are there for backward alone, the rest the program has anyway.${shared}`
}

/** Return the reason why the saved tensors of an autograd node are unknown; null where they are known. */
export function whyUnread({ tensors, unread }: AutogradNode): string | null {
  if (tensors) return null
  switch (unread) {
    case 'hooks':
      return 'The program’s saved_tensors_hooks hold what it saved (checkpointing does so too): to look would call them.'
    case 'transform':
      return 'It stands inside a transform of torch.func: what it saved cannot be looked at without taking part.'
    case 'observer':
      return 'A dispatch mode of the program would hear of it if one looked at what it saved.'
    case 'subclass':
      return 'It saved tensors of the program’s own class, which would hear of it if one looked.'
    case 'changed':
      return 'A tensor that it saved was changed in place since: PyTorch does not give it out, and backward would fail.'
    case 'freed':
      return 'Its graph was freed before the recorder came to see it.'
    default:
      return 'This recording does not tell how large it is: it is an older one, or the operation comes late in a long program.'
  }
}

/** Whose value a saved tensor is. `node`: to go there; null for what no node has. */
export interface Owner {
  node: string | null
  text: string
}

/** Whose value a tensor is that the operation `saver` saved: "x", "view of fc1.weight", "its own result". */
export function ownerOf(graph: Graph, saver: string, tensor: SavedTensor): Owner {
  const node = tensor.node ?? null
  if (node === null) return { node, text: 'of its own' }
  if (node === saver) return { node: null, text: tensor.view ? 'a view of its result' : 'its own result' }
  const label = labelOf(graph, node)
  return { node, text: tensor.view ? `a view of ${label}` : label }
}

/** "108 B", "1.5 KiB", "2.1 MiB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const power = bytes < 1024 ** 2 ? 1 : bytes < 1024 ** 3 ? 2 : 3
  const amount = bytes / 1024 ** power
  return `${amount < 100 ? Number(amount.toFixed(1)) : Math.round(amount)} ${['B', 'KiB', 'MiB', 'GiB'][power]}`
}
