/** The look of differences on the stage: dark on yellow, with a sign; hatched is what is not there. */

import { css } from 'lit'

export const markStyles = css`
  /* Two drawings are smaller than one: their letters are larger. */
  .name,
  .shape,
  .type,
  .sign.word {
    font-size: 15.8px;
  }
  .room text,
  .room-type {
    font-size: 15.8px;
    letter-spacing: -0.03em;
  }
  .number,
  .number.small {
    font-size: 18.6px;
  }
  /* Half a stage begins its drawing at the top. */
  gw-minimap {
    top: auto;
    right: 8px;
    bottom: 8px;
  }
  @container (max-width: 300px) {
    gw-minimap {
      display: none;
    }
  }
  .badge {
    pointer-events: none;
  }
  .badge rect {
    fill: var(--difference-fill);
    stroke: var(--difference-line);
    stroke-width: 1;
  }
  .badge text {
    fill: var(--difference-ink);
    font-size: 16px;
    font-weight: 650;
    text-anchor: middle;
  }
  .badge.quiet rect {
    display: none;
  }
  .badge.quiet text {
    fill: var(--muted);
    font-weight: 500;
  }
  .badge.alone rect {
    fill: var(--stage);
    stroke: var(--difference-line);
    stroke-width: 1.5;
  }
  .badge.alone text {
    fill: var(--difference-line);
  }
  [data-difference='alone']:not(.failed) .card,
  [data-difference='alone']:not(.failed) .front {
    stroke: var(--difference-line);
    stroke-width: 3.5;
  }
  [data-difference='absent'] .card,
  [data-difference='absent'] .front {
    fill: transparent;
    stroke: var(--muted);
    stroke-dasharray: 2 6;
    stroke-width: 1.5;
  }
  [data-difference='absent'] .behind {
    display: none;
  }
  [data-difference='absent'] text {
    fill: var(--muted);
    font-weight: 400;
  }
  path.edge[data-difference='alone'] {
    stroke: var(--difference-line);
    stroke-width: 3;
  }
  path.edge[data-difference='absent'] {
    stroke: var(--muted);
    stroke-dasharray: 2 6;
    stroke-width: 1.5;
    opacity: 0.6;
  }
`
