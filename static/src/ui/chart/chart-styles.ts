/** Styles of curves: values blue, gradients vermilion, the iteration on show a line through all of them. */

import { css } from 'lit'

export const charts = css`
  svg {
    display: block;
    overflow: visible;
  }

  text {
    fill: var(--muted);
    font: 12px var(--sans);
    font-variant-numeric: tabular-nums;
  }

  .grid {
    stroke: var(--line);
  }

  path {
    fill: none;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .loss {
    stroke: var(--ink);
  }

  .evaluations {
    stroke: var(--line-strong);
  }

  /* Known by its loss alone. */
  .beyond {
    stroke: var(--muted);
    stroke-dasharray: 5 4;
    stroke-width: 1.5;
  }

  .full {
    stroke: var(--line-strong);
  }

  .full-word {
    paint-order: stroke;
    stroke: var(--panel);
    stroke-linejoin: round;
    stroke-width: 4px;
  }

  /* More iterations than pixels would be a black wall. */
  .dense {
    stroke-width: 1;
  }

  .band {
    fill: var(--value-fill);
    fill-opacity: 0.28;
    stroke: var(--value-fill);
    stroke-width: 1.25;
  }

  .gradient {
    stroke: var(--gradient-fill);
    stroke-width: 1.75;
  }

  .broken {
    fill: var(--error);
    fill-opacity: 0.22;
    stroke: var(--error);
    stroke-width: 1;
  }

  .broken-word {
    fill: var(--error);
    font-weight: 650;
    paint-order: stroke;
    stroke: var(--panel);
    stroke-linejoin: round;
    stroke-width: 4px;
  }

  .current {
    stroke: var(--ink);
    stroke-width: 1.5;
  }

  .pointed {
    stroke: var(--muted);
    stroke-dasharray: 3 3;
    stroke-width: 1.5;
  }

  .dot {
    fill: var(--ink);
    stroke: var(--panel);
    stroke-width: 2;
  }
`
