/** A Lit directive that follows an emitter: a property or a part of a template changes with every value, and nothing around it is rendered. */

import type { ReactiveElement } from 'lit'
import { AsyncDirective, directive, type Part } from 'lit/async-directive.js'
import type { Emitter } from '../core/emitter'

class Follow<T> extends AsyncDirective {
  private emitter: Emitter<T> | null = null
  private host: Partial<ReactiveElement> = {}
  private pick: (value: T) => unknown = (value) => value
  private stop = () => {}

  override render(emitter: Emitter<T>, pick: (value: T) => unknown = (value) => value): unknown {
    this.pick = pick
    if (emitter !== this.emitter) {
      this.stop()
      this.emitter = emitter
      if (this.isConnected) this.subscribe()
    }
    return pick(emitter.current)
  }

  override update(part: Part, given: [Emitter<T>, ((value: T) => unknown)?]): unknown {
    if ('options' in part) this.host = (part.options?.host ?? {}) as Partial<ReactiveElement>
    return this.render(...given)
  }

  protected override disconnected(): void {
    this.stop()
  }

  protected override reconnected(): void {
    this.subscribe()
    if (this.emitter !== null) this.setValue(this.pick(this.emitter.current))
  }

  private subscribe(): void {
    this.stop = this.emitter?.subscribe((value) => this.take(value)) ?? (() => {})
  }

  /** What is about to be rendered anew takes the value then, if it is still there. */
  private take(value: T): void {
    if (!this.host.isUpdatePending) this.setValue(this.pick(value))
  }
}

/** `follow(emitter, pick)`: the value of the emitter, or what `pick` makes of it, as long as the element is in the document. */
export const follow = directive(Follow) as <T>(emitter: Emitter<T>, pick?: (value: T) => unknown) => unknown
