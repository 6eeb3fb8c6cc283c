/** The look of the tensors that travel along the edges, and of the remarks beside them. */

import { css } from 'lit'

export const overlayStyles = css`
  /* layers of their own, so that a travelling tensor does not repaint the long edges below it in every frame */
  .travels,
  .notes {
    will-change: transform;
  }
  .travel,
  .remark {
    pointer-events: none;
  }
  .travel rect {
    fill: var(--value);
  }
  .travel.backward rect {
    fill: var(--gradient);
  }
  .travel text {
    fill: var(--card);
    font-size: 16.5px;
    font-weight: 700;
  }
  .remark rect {
    fill: var(--card);
    stroke: var(--line);
    opacity: 0.94;
  }
  .remark text {
    font-size: 16.5px;
    fill: var(--ink);
  }
  .remark.sum rect,
  .remark.grown rect {
    stroke: var(--gradient-fill);
  }
  .remark.grown rect {
    stroke-width: 2.5;
    stroke-dasharray: 7 3;
  }
  .remark.sum text,
  .remark.grown text {
    fill: var(--gradient);
    font-weight: 650;
  }
  .remark.update rect {
    stroke: var(--update-fill);
  }
  .remark.update text {
    fill: var(--update);
    font-weight: 650;
  }
`
