/** The look of decorations: breakpoints, findings, the nodes of a question, and the differences of two runs. */

import { css } from 'lit'

export const decorationStyles = css`
  .stop {
    fill: var(--error);
    stroke: var(--card);
    stroke-width: 1.5;
    pointer-events: none;
  }
  .finding,
  .badge {
    pointer-events: none;
  }
  .finding .outline {
    fill: var(--note);
    stroke: var(--stage);
    stroke-width: 1.2;
  }
  .finding.warning .outline {
    fill: var(--warning);
  }
  .finding.error .outline {
    fill: var(--error);
  }
  .finding .inner {
    fill: var(--card);
  }
  [data-predict] .card,
  [data-predict] .front {
    stroke: var(--focus);
    stroke-width: 2.5;
    stroke-dasharray: 7 4;
  }
  [data-predict='ticked'] .card,
  [data-predict='ticked'] .front {
    stroke-width: 5;
    stroke-dasharray: none;
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
