/** The room of the stage: the drawing fills it, the sentence lies over its lower end. */

import { css } from 'lit'

export const stageRoom = css`
  gw-stage {
    position: absolute;
    inset: 0;
  }

  /* for who comes by Tab or hears the page; it must not lie over the picture else */
  .as-text {
    position: absolute;
    z-index: 3;
    top: 12px;
    right: 12px;
  }

  .as-text:not(:focus-visible) {
    opacity: 0;
    pointer-events: none;
  }

  gw-narration {
    position: absolute;
    right: 12px;
    bottom: 10px;
    left: 12px;
  }

  .nothing {
    display: grid;
    height: 100%;
    padding: 24px;
    place-content: center;
    color: var(--muted);
    font-size: 17px;
    text-align: center;
  }
`
