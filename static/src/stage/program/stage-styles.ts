/** The look of the stage: blue values above the line, vermilion gradients below it, violet for what learns. */

import { css } from 'lit'

export const stageStyles = css`
  :host {
    display: block;
    container-type: size;
    position: relative;
    background: var(--stage);
    overflow: hidden;
  }
  svg {
    display: block;
    width: 100%;
    height: 100%;
    font-family: var(--sans);
    cursor: grab;
    user-select: none;
  }
  svg:active {
    cursor: grabbing;
  }
  text {
    text-anchor: middle;
    fill: var(--ink);
  }
  .legend {
    position: absolute;
    left: 20px;
    top: 16px;
    display: flex;
    gap: 18px;
    align-items: center;
    color: var(--muted);
    padding: 2px 8px;
    margin: -2px -8px;
    border-radius: 8px;
    background: var(--stage);
    font: 13px var(--sans);
    pointer-events: none;
  }
  .legend.walking {
    flex-wrap: wrap;
    gap: 2px 14px;
    color: var(--ink);
    font-weight: 600;
  }
  .legend i {
    forced-color-adjust: none;
    display: inline-block;
    width: 11px;
    height: 11px;
    border-radius: 6px;
    margin-right: 6px;
    vertical-align: -1px;
  }
  .legend .value {
    background: var(--value-fill);
  }
  .legend .gradient {
    background: var(--gradient-fill);
  }
  .legend .learns {
    width: 24px;
    height: 14px;
    border: 2px solid var(--update-fill);
    box-sizing: border-box;
    vertical-align: -2.5px;
  }
  gw-minimap {
    position: absolute;
    top: 12px;
    right: 12px;
  }
  @container (max-width: 540px) {
    gw-minimap {
      top: 46px;
    }
  }
  /* the picture needs the room; what colours mean is in the list of a larger stage, and in every sentence */
  @container (max-height: 360px) {
    gw-minimap,
    .legend:not(.walking) {
      display: none;
    }
  }
  .work {
    position: absolute;
    top: 44px;
    left: 20px;
    max-width: calc(100% - 40px);
  }
  .work p {
    margin: 0;
    padding: 7px 12px;
    border: 1px solid var(--line-strong);
    border-radius: 8px;
    background: var(--card);
    color: var(--ink);
    font: 14px var(--sans);
  }
  .work button {
    margin-left: 8px;
    border: 1px solid var(--line-strong);
    border-radius: 6px;
    background: var(--card);
    color: var(--ink);
    font: inherit;
    cursor: pointer;
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
`
