/** The layout of the panels: program and console left, stage in the middle, inspector right, timeline below. */

import { css, unsafeCSS } from 'lit'
import { SMALL_STAGE } from '../ui/screen-sizes'

export const layout = css`
  :host {
    display: grid;
    grid-template-rows: auto auto minmax(0, 1fr) minmax(0, var(--training-size, 0px)) auto;
    grid-template-columns: minmax(0, 1fr);
    height: 100%;
    overflow: hidden;
    background: var(--stage);
    color: var(--ink);
    font: 14px / 1.45 var(--sans);
  }

  gw-header {
    grid-row: 1;
  }

  main {
    display: grid;
    grid-row: 3;
    grid-template-columns:
      var(--program-size, 355px) auto minmax(0, 1fr)
      auto var(--inspector-size, 300px);
    grid-template-rows: minmax(0, 1fr);
    min-height: 0;
    overflow: clip;
  }

  gw-training-drawer {
    grid-row: 4;
  }

  gw-help,
  gw-share,
  gw-search {
    position: absolute;
  }

  main > * {
    min-width: 0;
    min-height: 0;
  }

  /* The title of the page for who hears it, whichever view is on show. */
  .heard {
    position: absolute;
    display: block !important;
    width: 1px;
    height: 1px;
    margin: 0;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .program {
    display: grid;
    grid-template-rows: minmax(0, 1fr) auto var(--console-size, 110px);
    background: var(--panel);
  }

  .program > * {
    min-width: 0;
    min-height: 0;
    overflow: hidden;
  }

  .program gw-split {
    overflow: visible;
  }

  .program gw-console {
    overflow: auto;
  }

  /* An error must be readable without asking for it. */
  .program.failed {
    grid-template-rows: minmax(0, 1fr) auto max(var(--console-size, 110px), min(230px, 45%));
  }

  .stage {
    position: relative;
    background: var(--stage);
  }

  .side {
    overflow: auto;
    background: var(--panel);
  }

  .tabs {
    position: sticky;
    z-index: 2;
    top: 0;
    display: flex;
    flex-wrap: wrap;
    gap: 0 2px;
    padding: 6px 8px 0;
    border-bottom: 1px solid var(--line);
    background: var(--panel);
  }

  .tabs button {
    padding: 6px 8px 7px;
    border: 0;
    border-bottom: 2px solid transparent;
    background: none;
    color: var(--muted);
    font-size: 13.5px;
    white-space: nowrap;
    cursor: pointer;
  }

  @media (pointer: coarse) {
    .tabs button {
      min-height: 44px;
    }
  }

  .tabs button[aria-selected='true'] {
    border-bottom-color: var(--ink);
    color: var(--ink);
    font-weight: 600;
  }

  .program gw-console:focus-visible {
    outline-offset: -2px;
  }

  .views {
    display: none;
    grid-row: 2;
  }

  footer {
    grid-row: 5;
    border-top: 1px solid var(--line);
    background: var(--panel);
  }

  [hidden] {
    display: none !important;
  }

  :host([projector]) gw-header,
  :host([projector]) .program,
  :host([projector]) .side,
  :host([projector]) main > gw-split {
    display: none;
  }

  :host([projector]) main {
    grid-template-columns: minmax(0, 1fr);
  }

  :host([projector]) gw-narration {
    right: 10%;
    left: 10%;
    font-size: 20px;
  }

  /* Each keeps its column when another one is closed. */
  @media (min-width: 900px) {
    .program {
      grid-column: 1;
    }

    .program + gw-split {
      grid-column: 2;
    }

    :host(:not([projector])) .stage {
      grid-column: 3;
    }

    .stage + gw-split {
      grid-column: 4;
    }

    .side {
      grid-column: 5;
    }
  }

  /* A page at 200 % has few lines: most of them are the program's. */
  @media (max-height: 480px) {
    .program {
      grid-template-rows: minmax(0, 1fr) auto min(var(--console-size, 110px), 25%);
    }
  }

  /* A stage that is no higher than a page at 200 % leaves: the sentence stands below the picture, not over it. */
  @media ${unsafeCSS(SMALL_STAGE)} {
    .stage {
      display: grid;
      grid-template-rows: minmax(0, 1fr) auto;
    }

    .stage gw-stage,
    .stage gw-narration {
      position: relative;
      inset: auto;
    }

    .stage .nothing {
      grid-row: 1;
    }
  }

  /* At 400 % the page is read from top to bottom: the picture and the panels keep a height, and the page scrolls. */
  @media (max-height: 330px) {
    :host {
      overflow: visible;
    }

    main {
      height: 240px;
    }
  }

  @media (max-width: 899px) {
    .views {
      display: block;
    }

    main {
      grid-area: 3 / 1;
      grid-template-columns: minmax(0, 1fr);
    }

    main > * {
      grid-area: 1 / 1;
    }

    main > gw-split,
    main[data-view='stage'] > :not(.stage),
    main[data-view='program'] > :not(.program),
    main[data-view='side'] > :not(.side),
    main[data-view='training'] > * {
      display: none;
    }

    :host {
      grid-template-rows: auto auto minmax(0, 1fr) auto;
    }

    gw-training-drawer {
      grid-area: 3 / 1;
    }

    gw-training-drawer:not([data-view='training']) {
      display: none;
    }

    footer {
      grid-row: 4;
    }

    gw-narration {
      right: 8px;
      bottom: 8px;
      left: 8px;
    }
  }

  /* A lesson is read with the picture that it speaks of: under it on a phone, beside it on a page at 200 %. */
  @media (max-width: 899px) and (min-height: 481px), (min-width: 560px) and (max-width: 899px) and (min-height: 331px) {
    main.reading[data-view='stage'] > .side {
      display: block;
      grid-area: 2 / 1;
      border-top: 1px solid var(--line);
    }

    main.reading[data-view='stage'] > .side > .tabs {
      display: none;
    }
  }

  @media (max-width: 899px) and (min-height: 481px) {
    main.reading[data-view='stage'] {
      grid-template-rows: minmax(0, 1fr) minmax(0, 45%);
    }
  }

  @media (min-width: 560px) and (max-width: 899px) and (min-height: 331px) and (max-height: 480px) {
    main.reading[data-view='stage'] {
      grid-template-columns: minmax(0, 1fr) minmax(0, 44%);
    }

    main.reading[data-view='stage'] > .side {
      grid-area: 1 / 2;
      border-top: 0;
      border-left: 1px solid var(--line);
    }
  }
`
