/** The console: what the program printed, and how it ended. */

import { html } from 'lit'
import type { CreateFeature } from '../../page/feature'
import { split } from '../../page/panels'
import './console-panel'

export const console: CreateFeature = (page) => ({
  id: 'console',
  slots: {
    program: {
      render: () => {
        const { head } = page.store.state
        return html`${split(page.panels, 'console', 'Height of the console', 'up')}
          <gw-console role="region" tabindex="0" aria-label="Console" .entries=${head?.console ?? []} .shown=${page.shownOutput} .outcome=${head?.outcome ?? null}
            .truncated=${head?.truncated ?? null} ?hidden=${page.panels.sizes.console === 0}></gw-console>`
      },
    },
  },
})
