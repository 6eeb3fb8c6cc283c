/** The contract of everything that can be added to the page. A feature is one folder and one line in `features/index.ts`. */

import type { CSSResult } from 'lit'
import type { Decorations } from '../stage/decorations'
import type { Action, KeyRow } from './actions'
import type { Page } from './context'
import type { Hooks } from './hooks'
import type { NodeSlots } from './node-parts'

/** Makes a feature for a page. What it keeps for itself lives in this function; what others may see, in its slice of the state. */
export type CreateFeature = (page: Page) => Feature

export interface Feature {
  readonly id: string
  /** The actions that the keyboard, the header, the help and the command palette offer. */
  readonly actions?: readonly Action[]
  /** Keys that elements of the feature hear themselves while they have the focus: rows of the help. */
  readonly keyRows?: readonly KeyRow[]
  /** Keys that work while the program is being written: rows of the help, too. */
  readonly editorKeys?: readonly KeyRow[]
  readonly slots?: Slots
  /** Styles for the layout of the page around its slots. They are added to the styles of the page. */
  readonly styles?: readonly CSSResult[]
  readonly hooks?: Hooks
  /** Returns the marks at nodes and edges of the stage; the same object while they do not change. */
  decorations?(): Decorations
  /** Begins what goes on as long as the page is in the document. Returns the way to end it. */
  connect?(): Disposable
}

/** The way to end something. */
export interface Disposable {
  dispose(): void
}

/** The places of the page that a feature can fill. */
export interface Slots extends NodeSlots {
  /** In the header, before its buttons. */
  header?: SlotView
  /** A tab of the side panel, and what stands below it. */
  panel?: PanelView
  /** Drawn in the place of the stage while it is shown. */
  picture?: SlotView
  /** Over the stage, while that is shown. */
  stage?: SlotView
  /** After the sentence of the step: a card over the lower end of the stage. */
  card?: SlotView
  /** In the drawer below the stage. */
  drawer?: SlotView
  /** In the panel of the program: the editor, and what stands below it. */
  program?: SlotView
  /** A dialog, which `page.openDialog(id)` opens. */
  dialog?: DialogView
  /** A sentence for those who do not see the page. */
  status?: SlotView
}

/** A part of the page that a feature draws. */
export interface SlotView {
  /** The name of the part for error messages, as the beginning of a sentence: "The graph as text". Needed with `load`. */
  readonly name?: string
  /** Return whether the part is shown. Without this method it always is. */
  isShown?(): boolean
  /** Loads the scripts that it needs, when it is shown for the first time. */
  load?(): Promise<unknown>
  /** Render the part. The page calls it at each of its updates while the part is shown, also before `load` has finished. */
  render(): unknown
}

/** A part that is opened as a dialog. `tag`: the element that `render` gives; it has a method `show`. */
export interface DialogView extends SlotView {
  readonly name: string
  readonly tag: string
}

/** A tab of the side panel. It is offered while `isShown` says so. */
export interface PanelView extends SlotView {
  /** The text of the tab. */
  title(): unknown
  /** The tooltip of the tab. */
  readonly hint?: string
  /** Tabs stand in this order; the inspector is 50. */
  readonly order: number
}
