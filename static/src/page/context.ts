/** The page, as its features see it: the one context. */

import type { LitElement } from 'lit'
import type { Client } from '../api/client'
import type { Store } from '../core/store'
import type { Theme } from '../core/theme'
import type { WordFinder } from '../core/word-finder'
import type { ActionRegistry } from './actions'
import type { Address } from './address'
import type { Arrangement } from './arrangement'
import type { NodeParts } from './node-parts'
import type { Session } from './session'
import type { Slice, SliceHandle } from './slices'
import type { Notice, PageState } from './state'
import type { Place } from './url'
import type { Walk } from './walk'

export interface Page {
  /** The element of the page. Its events reach it from all features, and it renders their slots. */
  readonly host: LitElement
  readonly store: Store<PageState>
  readonly client: Client
  readonly session: Session
  /** The steps of the iteration on show, and the clock that moves through them. `walk.frames` emits every frame. */
  readonly walk: Walk
  /** Which panels are open, and how large. */
  readonly panels: Arrangement
  readonly address: Address
  readonly actions: ActionRegistry
  /** The drawing; null while nothing is drawn. */
  readonly stage: StageHandle | null
  /** The parts of the inspector that features fill. */
  readonly nodeParts: NodeParts
  /** The editor of the program; null on a page without one. */
  readonly editor: EditorHandle | null
  /** Finds the words of the glossary in texts; null on a page without one, and until it has come. */
  words: WordFinder | null
  /** How many entries of the console a feature lets show; all, where none has a reason to hold some back. */
  readonly shownOutput: number
  /** Adds a part to the state. */
  slice<S extends object>(slice: Slice<S>): SliceHandle<S>
  notify(notice: Notice): void
  /** Opens the dialog of a feature, which is loaded first. `given`: what its method `show` is given. */
  openDialog(feature: string, ...given: unknown[]): Promise<void>
  /** Opens a place, and names the page after it. */
  open(place: Place): Promise<void>
  /** Switches between the light and the dark theme. */
  switchTheme(): void
  /** Shows only the picture and the timeline, or everything again. */
  toggleProjector(): Promise<void>
  /** Does what Escape is for: closes or leaves one thing. */
  escape(): void
  /** Runs the program in the editor. */
  run(): Promise<void>
  /** Selects a node, and shows its numbers and its line; null selects none. */
  select(node: string | null): void
  /** Selects a node and brings it into view: groups around it are opened. Null selects none. */
  find(node: string | null): void
  /** Shows a line of the program, from 1. */
  showLine(line: number): void
  /** Goes to the step of a line of the program, from 1. */
  goToLine(line: number): void
}

export interface StageHandle {
  /** Shows the whole drawing. */
  fit(): void
  zoomBy(factor: number): void
  /** Opens all groups, or closes them. */
  toggleAll(): void
  /** Opens what is closed around a node, and brings it into view. */
  reveal(node: string): void
  /** The drawing as an svg document; null when nothing is drawn. */
  picture(theme: Theme, words: { title: string; description: string }): Promise<string | null>
  /** The nodes of the group that a node is in, as it is drawn; empty outside of all. */
  membersAround(node: string): ReadonlySet<string>
}

export interface EditorHandle {
  /** Brings a line, from 1, into view. */
  show(line: number): void
  /** True while the reader chooses from a list of names. */
  readonly choosing: boolean
}
