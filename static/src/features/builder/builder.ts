/** The builder as a page has it: its dialog, loaded when it is asked for, and what is done with the program that it gives. */

import { html, type LitElement, nothing, type TemplateResult } from 'lit'
import type { Client } from '../../api/client'
import type { Store } from '../../core/store'
import type { Session } from '../../page/session'
import type { PageState } from '../../page/state'
import type { BuilderDialog } from './builder-dialog'

const LOST =
  'The builder could not be loaded: the server cannot be reached. Your program stays here; ask again when the server is back.'

export class Builder {
  private asked = false

  /** `show`: brings the program into view; `run`: runs it. */
  constructor(
    private readonly host: LitElement,
    private readonly client: Client,
    private readonly page: { store: Store<PageState>; session: Session },
    private readonly then: { show: () => void; run: () => void },
  ) {}

  async show(): Promise<void> {
    try {
      await import('./builder-dialog')
    } catch {
      this.page.store.update({ notice: { kind: 'error', text: LOST } })
      return
    }
    this.asked = true
    this.host.requestUpdate()
    await this.host.updateComplete
    await this.host.renderRoot.querySelector<BuilderDialog>('gw-builder')?.show()
  }

  dialog(): TemplateResult | typeof nothing {
    if (!this.asked) return nothing
    return html`<gw-builder .build=${this.build}
      @gw-built=${(e: CustomEvent<{ source: string; run: boolean }>) => this.put(e.detail)}></gw-builder>`
  }

  private readonly build = (spec: unknown, signal: AbortSignal) => this.client.build(spec, signal)

  /** What the reader had written is kept, and the editor offers it. */
  private put({ source, run }: { source: string; run: boolean }): void {
    this.page.session.drafting.put(source)
    this.then.show()
    if (run) this.then.run()
  }
}
