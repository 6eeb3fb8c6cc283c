/** Styles of the text of a lesson. */

import { css } from 'lit'

export const prose = css`
  p,
  ul,
  ol,
  pre,
  table {
    margin: 0 0 0.75em;
  }

  ul,
  ol {
    padding-left: 1.3em;
  }

  li {
    margin-bottom: 0.3em;
  }

  code {
    padding: 1px 4px;
    border-radius: 4px;
    background: var(--room);
    font: 0.88em var(--mono);
  }

  pre {
    padding: 8px 10px;
    overflow: auto;
    border-radius: var(--radius);
    background: var(--room);
  }

  pre code {
    padding: 0;
  }

  a {
    color: var(--value);
  }

  table {
    border-collapse: collapse;
  }

  td,
  th {
    padding: 3px 8px 3px 0;
    border-bottom: 1px solid var(--line-strong);
    text-align: left;
    vertical-align: top;
  }
`
