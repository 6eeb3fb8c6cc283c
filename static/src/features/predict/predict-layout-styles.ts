/** The layout of the page while questions are asked: they have space of their own below the picture, so that nothing moves. */

import { css, unsafeCSS } from 'lit'
import { SMALL_STAGE } from '../../ui/screen-sizes'

export const predictLayout = css`
  gw-predict {
    position: absolute;
    z-index: 4;
    top: calc(100% - 194px);
    right: 12px;
    left: 12px;
  }

  :host([predicting]) .stage gw-stage {
    bottom: 140px;
  }

  :host([predicting='asking']) gw-predict {
    top: auto;
    bottom: 10px;
    max-height: calc(100% - 20px);
    overflow: auto;
  }

  :host([predicting='asking']) gw-narration {
    visibility: hidden;
  }

  /* what the program printed at its end would tell the answers */
  :host([predicting]) .program:not(.failed) gw-console {
    display: none;
  }

  :host([predicting]) .program:not(.failed)::after {
    overflow: hidden;
    min-height: 0;
    padding: 8px 12px;
    color: var(--muted);
    content: 'What the program printed is hidden while you predict.';
  }

  /* there is no inspector beside it */
  :host([projector]) gw-predict {
    --inspect: none;

    right: 10%;
    left: 10%;
    font-size: 19px;
  }

  /* here the card stands below what is left of the picture, and is scrolled */
  @media ${unsafeCSS(SMALL_STAGE)} {
    :host([predicting]) .stage {
      grid-template-rows: minmax(64px, 1fr) minmax(0, auto) auto;
    }

    :host([predicting]) .stage gw-predict {
      position: relative;
      inset: auto;
      min-height: 0;
      max-height: none;
      margin: 0 8px 8px;
      overflow: auto;
    }

    :host([predicting]) .stage gw-stage {
      bottom: auto;
    }

    :host([predicting]) .stage gw-narration {
      grid-row: 3;
    }

    :host([predicting='asking']) .stage gw-narration {
      position: absolute;
    }
  }
`
