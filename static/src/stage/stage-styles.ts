/** The look of what all altitudes share: the place of the drawing, the legend, the overview and the line about work in progress. */

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
  /* half a stage begins its drawing at the top */
  :host([bare]) gw-minimap {
    top: auto;
    right: 8px;
    bottom: 8px;
  }
  @container (max-width: 300px) {
    :host([bare]) gw-minimap {
      display: none;
    }
  }
`
