/** The parts of the page's state that features own, and how they stand in the address. */

import type { Store } from '../core/store'
import type { PageState } from './state'

/** A part of the state, as a feature describes it. */
export interface Slice<S extends object> {
  /** The name of the feature. */
  readonly id: string
  readonly initial: S
  /** The parameters of the address that stand for the state; nothing where an address need not tell it. */
  toUrl?(state: Readonly<S>): Readonly<Record<string, string>>
  /** Return the state that the parameters of an address describe. Invalid parameters are ignored. */
  fromUrl?(parameters: Readonly<Record<string, string>>): Partial<S>
}

/** A part of the state, as its feature reads and changes it. Subscribers of the page's store are called after a change. */
export interface SliceHandle<S extends object> {
  readonly state: Readonly<S>
  update(patch: Partial<S>): void
  /** Return the change of the page's state that `update` would make, to be made in one step with other changes. */
  change(patch: Partial<S>): Pick<PageState, 'slices'>
}

// biome-ignore lint/suspicious/noExplicitAny: slices of all types are kept in one list
type AnySlice = Slice<any>

export class Slices {
  private readonly known: AnySlice[] = []

  constructor(private readonly store: Store<PageState>) {}

  /** Adds a part to the state. Throws when there is one of this name already. */
  add<S extends object>(slice: Slice<S>): SliceHandle<S> {
    const { store } = this
    if (slice.id in store.state.slices) throw new Error(`There is a part of the state called “${slice.id}” already.`)
    this.known.push(slice)
    const current = () => (store.state.slices[slice.id] ?? slice.initial) as S
    const change = (patch: Partial<S>) => ({
      slices: { ...store.state.slices, [slice.id]: { ...current(), ...patch } },
    })
    store.update(change({}))
    return {
      get state() {
        return current()
      },
      update(patch) {
        const before = current()
        const changed = (Object.keys(patch) as (keyof S)[]).some((key) => !Object.is(before[key], patch[key]))
        if (changed) store.update(change(patch))
      },
      change,
    }
  }

  /** Return the parameters that the slices add to an address. */
  parameters(state: Readonly<PageState> = this.store.state): Record<string, string> {
    return Object.assign({}, ...this.known.map((slice) => slice.toUrl?.(this.of(slice, state)) ?? {}))
  }

  /** Return all slices with the state that an address describes. */
  from(parameters: Readonly<Record<string, string>>): PageState['slices'] {
    const asked = this.known.flatMap((slice) =>
      slice.fromUrl ? [[slice.id, { ...this.of(slice), ...slice.fromUrl(parameters) }] as const] : [],
    )
    return { ...this.store.state.slices, ...Object.fromEntries(asked) }
  }

  private of(slice: AnySlice, state: Readonly<PageState> = this.store.state): object {
    return state.slices[slice.id] ?? slice.initial
  }
}
