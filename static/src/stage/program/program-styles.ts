/** The look of the graph of a program: blue values above the cards, vermilion gradients below them, violet for what learns. */

import { css } from 'lit'

export const programStyles = css`
  text {
    text-anchor: middle;
    fill: var(--ink);
  }
  .wall {
    fill: var(--room);
    stroke: var(--line);
    stroke-width: 1.5;
  }
  .room text {
    text-anchor: start;
    font-size: 14.5px;
  }
  .room-name {
    font-weight: 650;
  }
  .room-type,
  .type {
    fill: var(--muted);
    font-size: 14.5px;
  }
  .title,
  .closed-room,
  .node {
    cursor: pointer;
    outline: none;
  }
  .bar {
    fill: transparent;
  }
  .title:hover .room-name {
    text-decoration: underline;
  }
  .title:focus-visible .room-name {
    text-decoration: underline;
    fill: var(--focus);
  }
  .closed-room .front,
  .closed-room .behind {
    fill: var(--room);
    stroke: var(--line-strong);
    stroke-width: 2;
  }
  .closed-room.selected .front {
    fill: var(--hover);
  }
  .closed-room.failed .front {
    stroke: var(--error);
    stroke-width: 3.5;
    fill: var(--error-tint);
  }
  .closed-room .sign {
    font-size: 15px;
    font-weight: 650;
  }
  .type.place {
    fill: var(--ink);
    font-weight: 600;
  }
  .closed-room.active .front {
    stroke: var(--value-fill);
    stroke-width: 3.5;
  }
  .closed-room.active.in-backward .front {
    stroke: var(--gradient-fill);
  }
  .closed-room.active.in-update .front {
    stroke: var(--update-fill);
    stroke-width: 4.5;
  }
  .closed-room.waiting .front {
    stroke-dasharray: 4 4;
  }
  .edge {
    fill: none;
    stroke: var(--line-strong);
    stroke-width: 2;
    opacity: 0.75;
  }
  .edge.bundle {
    stroke-width: 3.5;
  }
  .edge.carried {
    stroke: var(--gradient-fill);
    opacity: 0.55;
  }
  .edge.lit {
    opacity: 1;
    stroke-width: 3;
    stroke: var(--value-fill);
  }
  .edge.lit.loss {
    stroke: var(--value-fill);
  }
  .edge.lit.backward {
    stroke: var(--gradient-fill);
    stroke-width: 4;
    stroke-dasharray: 0.1 8;
    stroke-linecap: round;
  }
  .card {
    fill: var(--card);
    stroke: var(--line-strong);
    stroke-width: 1.5;
  }
  .parameter .card {
    stroke: var(--update-fill);
    stroke-width: 2.5;
  }
  .loss-node .card {
    stroke: var(--ink);
    stroke-width: 2.5;
  }
  .active .card {
    stroke: var(--value-fill);
    stroke-width: 3.5;
  }
  .active.in-backward .card {
    stroke: var(--gradient-fill);
  }
  .active.in-update .card {
    stroke: var(--update-fill);
    stroke-width: 4.5;
  }
  .failed .card {
    stroke: var(--error);
    stroke-width: 3.5;
    fill: var(--error-tint);
  }
  .selected .card {
    fill: var(--hover);
  }
  /* Ink, for blue, vermilion and violet already say what is active. */
  .node:focus-visible,
  .closed-room:focus-visible,
  .title:focus-visible {
    outline: 3px solid var(--ink);
    outline-offset: 4px;
  }
  .sign {
    font-size: 20px;
    font-weight: 650;
  }
  .sign.word {
    font-size: 15.5px;
  }
  .waiting .sign {
    fill: var(--muted);
    font-weight: 500;
  }
  .waiting .card {
    stroke-dasharray: 4 4;
  }
  .name {
    fill: var(--muted);
    font-size: 14px;
  }
  .number {
    font-size: 18px;
    font-weight: 700;
  }
  .pullable > .above .number {
    cursor: ew-resize;
    touch-action: none;
  }
  .pullable > .above .number:hover {
    text-decoration: underline dotted;
    text-underline-offset: 3px;
  }
  svg.pulling,
  svg.pulling .node {
    cursor: ew-resize;
  }
  .number.small {
    font-size: 16.5px;
    font-weight: 600;
  }
  .shape {
    font-size: 14px;
    font-weight: 600;
  }
  .number.value,
  .shape.value {
    fill: var(--value);
  }
  .number.gradient,
  .shape.gradient {
    fill: var(--gradient);
  }
  .in-cell {
    font-size: 16.5px;
    font-weight: 500;
  }
  .hollow {
    fill: none;
    stroke-dasharray: 4 3;
  }
  .hollow.framed.value,
  .cell.framed.value {
    stroke: var(--value-fill);
  }
  .hollow.framed.gradient,
  .cell.framed.gradient {
    stroke: var(--gradient-fill);
  }
  /* two drawings are smaller than one: their letters are larger */
  :host([bare]) :is(.name, .shape, .type, .sign.word, .room text, .room-type) {
    font-size: 15.8px;
  }
  :host([bare]) :is(.room text, .room-type) {
    letter-spacing: -0.03em;
  }
  :host([bare]) .number:not(.without) {
    font-size: 18.6px;
  }
`
