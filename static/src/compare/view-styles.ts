/** How a comparison lies: its bar, the two stages, the two sentences. */

import { css } from 'lit'

export const viewStyles = css`
  :host {
    position: absolute;
    inset: 0;
    display: grid;
    grid-template-rows: auto auto minmax(0, 1fr) auto;
    grid-template-columns: minmax(0, 1fr);
  }

  header {
    display: flex;
    align-items: center;
    grid-row: 1;
    gap: 8px;
    padding: 5px 12px;
    border-bottom: 1px solid var(--line);
    background: var(--panel);
  }

  header .button {
    height: 28px;
    padding: 0 10px;
  }

  .remarks {
    display: flex;
    flex: 1;
    flex-wrap: wrap;
    gap: 0 14px;
    min-width: 0;
    font-size: 13.5px;
  }

  .muted {
    color: var(--muted);
  }

  gw-changes {
    grid-row: 2;
  }

  .stages {
    display: grid;
    grid-row: 3;
    min-height: 0;
  }

  .stages.beside {
    grid-template-columns: repeat(2, minmax(0, 1fr));
  }

  .stages.above {
    grid-template-rows: repeat(2, minmax(0, 1fr));
  }

  .half {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-width: 0;
    min-height: 0;
  }

  .beside .half + .half {
    border-left: 1px solid var(--line-strong);
  }

  .above .half + .half {
    border-top: 1px solid var(--line-strong);
  }

  h3 {
    display: flex;
    gap: 6px;
    align-items: baseline;
    margin: 0;
    padding: 5px 12px 0;
    font-size: 15px;
    font-weight: 500;
    white-space: nowrap;
  }

  h3 b {
    padding: 0 7px;
    border-radius: 5px;
    background: var(--strong);
    color: var(--on-strong);
  }

  .half + .half h3 b {
    background: transparent;
    color: var(--ink);
    box-shadow: inset 0 0 0 2px var(--ink);
  }

  .still {
    overflow: hidden;
    color: var(--muted);
    font-size: 13.5px;
    text-overflow: ellipsis;
  }

  .gone {
    display: grid;
    margin: 0;
    padding: 24px;
    place-content: center;
    color: var(--ink);
    font-size: 17px;
    text-align: center;
    overflow-wrap: anywhere;
  }

  .sentences {
    display: grid;
    grid-row: 4;
    gap: 4px;
    padding: 4px 10px 8px;
  }

  gw-narration {
    padding: 5px 12px;
    font-size: 15.5px;
    box-shadow: none;
  }

  @media (max-width: 899px) {
    .remarks {
      display: none;
    }

    header {
      justify-content: flex-end;
    }
  }
`
