/** The events by which elements tell the app what the reader asked for. They cross shadow roots. */

import type { Pace } from '../core/scrubbing'

export interface PageEvents {
  /** `action`: the name of an action of the page. */
  'gw-action': { action: string }
  /** A lesson is wanted, at a stop: 0, or none, is the opening. */
  'gw-lesson': { slug: string; stop?: number }
  /** The glossary is wanted, at the word of this id. */
  'gw-glossary-word': { word: string }
  /** A stop of the lesson is wanted: 0 is the opening. */
  'gw-stop': { stop: number }
  /** A question of the lesson was answered, or the answer is to be shown. `asked`: the questions themselves, as HTML. */
  'gw-answered': { stop: number; asked: readonly string[] }
  /** The lesson's own run is wanted instead of the one on show. */
  'gw-lesson-run': Record<string, never>
  'gw-panel': { panel: string }
  'gw-edit': { source: string }
  'gw-reset': Record<string, never>
  /** The draft of another tab is wanted instead of this one. */
  'gw-swap-drafts': Record<string, never>
  /** A line of the program, from 1: its step is wanted. */
  'gw-line': { line: number }
  /** A line of the program that was run, from 1: a breakpoint is wanted there, or no longer. */
  'gw-break': { line: number }
  /** A line of the program, from 1: its text is wanted. */
  'gw-show-line': { line: number }
  'gw-cancel': Record<string, never>
  'gw-dismiss': Record<string, never>
  /** Repeat the attempt that failed. */
  'gw-retry': Record<string, never>
  'gw-resize': { size: number }
  'gw-select': { node: string | null }
  /** The ids of all open folds. */
  'gw-open': { open: readonly string[] }
  /** An element of a result of the node in the inspector is to be explained. */
  'gw-element': { output: number; index: readonly number[] }
  'gw-seek': { step: number }
  'gw-play': Record<string, never>
  'gw-speed': { speed: number }
  'gw-iteration': { index: number }
  /** The iteration, from 0, that the reader looks at in the training; null when they look at none. */
  'gw-point': { iteration: number | null }
  /** Go to an event of the training at a node (null: at the loss). */
  'gw-visit': { iteration: number; node: string | null; where: 'value' | 'gradient' }
  'gw-enlarge': Record<string, never>
  /** The run of this id beside the one on show; null: only that one again. */
  'gw-compare': { other: string | null }
  /** Both runs of a comparison, the one that is the other now first. */
  'gw-swap': { first: string; other: string }
  /** The single number of a leaf is dragged by so many pixels to the right since the last of these. */
  'gw-pull': { node: string; pixels: number; pace: Pace; begins: boolean }
}

declare global {
  interface HTMLElementEventMap {
    'gw-compare': CustomEvent<PageEvents['gw-compare']>
    'gw-swap': CustomEvent<PageEvents['gw-swap']>
  }
}

/** Sends an event up from `source`. */
export function send<K extends keyof PageEvents>(source: EventTarget, type: K, detail: PageEvents[K]): void {
  source.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }))
}
