/** The actions of the page: one list, which the keyboard, the header, the help and the command palette read. */

import { type KeyPress, keyOf } from '../core/keyboard'

/** A row of the help. `shown`: the keys as a reader would say them. */
export interface KeyRow {
  readonly shown: string
  readonly does: string
}

/** Something that a reader can do. */
export interface Action {
  readonly id: string
  /** The text of the action in the palette: a few words. */
  readonly label: string
  /** `KeyboardEvent.key`; a leading "Shift+" or "Ctrl+" asks for that modifier (⌘ counts as Ctrl). */
  readonly keys: readonly string[]
  /** The keys as a reader would say them; empty without any. */
  readonly shown: string
  readonly group: Group
  /** The row of the help for this action, and for those after it that have no row of their own. */
  readonly row?: KeyRow
  /** The button of the header that does it. */
  readonly button?: HeaderButton
  /** True if its keys work while text is typed, too. */
  readonly anywhere?: boolean
  /** Return whether it can be run now. Without this method it always can. */
  isEnabled?(): boolean
  run(): unknown
}

export interface HeaderButton {
  readonly text: string
  /** The tooltip of the button. */
  readonly hint: string
  readonly side: 'left' | 'right'
  /** Buttons of one side stand in this order. */
  readonly order: number
  /** Return whether the button is switched on. Without this method it is no switch. */
  isPressed?(): boolean
}

/** The groups of the actions, in the order of the help. */
export const GROUPS = ['Walk', 'Look', 'Picture', 'Program', 'Page'] as const

export type Group = (typeof GROUPS)[number]

export class ActionRegistry {
  private readonly actions: Action[] = []
  private readonly rows: { group: Group; row: KeyRow }[] = []
  private readonly writing: KeyRow[] = []
  private readonly byKey = new Map<string, Action>()

  /** Adds actions. Throws when a name or a key is taken. */
  add(actions: readonly Action[]): void {
    for (const action of actions) {
      if (this.get(action.id) !== undefined) throw new Error(`There is an action called “${action.id}” already.`)
      this.actions.push(action)
      if (action.row) this.rows.push({ group: action.group, row: action.row })
      for (const key of action.keys) {
        const taken = this.byKey.get(key)
        if (taken) throw new Error(`The key ${key} of “${action.id}” does “${taken.id}” already.`)
        this.byKey.set(key, action)
      }
    }
  }

  /** Add rows of the help for keys that an element handles itself. */
  addRows(group: Group, rows: readonly KeyRow[]): void {
    for (const row of rows) this.rows.push({ group, row })
  }

  /** Adds rows of the help for keys that work while the program is being written. */
  addEditorKeys(rows: readonly KeyRow[]): void {
    this.writing.push(...rows)
  }

  /** All actions, by group. */
  get all(): readonly Action[] {
    return GROUPS.flatMap((group) => this.actions.filter((action) => action.group === group))
  }

  /** The rows of the help, by group. */
  get help(): readonly KeyRow[] {
    return GROUPS.flatMap((group) => this.rows.filter((one) => one.group === group).map(({ row }) => row))
  }

  /** The rows of the help for the keys that work while the program is being written. */
  get editorKeys(): readonly KeyRow[] {
    return this.writing
  }

  get(id: string): Action | undefined {
    return this.actions.find((action) => action.id === id)
  }

  /** The action of a key; undefined when it is no key of the page's. */
  forKey(press: KeyPress): Action | undefined {
    const key = keyOf(press)
    return key === null ? undefined : this.byKey.get(key)
  }

  /** Does what an action is for, unless there is no such action here, or it cannot be done now. */
  run(id: string): void {
    const action = this.get(id)
    if (action !== undefined && (action.isEnabled?.() ?? true)) void action.run()
  }
}
