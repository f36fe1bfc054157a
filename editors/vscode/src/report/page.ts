/** The report as one page without scripts and without anything from elsewhere. */

import { dollars } from '../money';
import { chart } from './chart';
import { escaped } from './html';
import { days, type Entry, type Ledger, spentOn, type Sum, sums, tiers } from './ledger';

const SHOWN_DAYS = 30;
const SHOWN_REQUESTS = 50;

/**
 * The page.
 *
 * @param now milliseconds since 1970
 * @param nonce what the page's own style is let in by
 */
export function page(ledger: Ledger, now: number, nonce: string): string {
  const shown = days(ledger.entries, now, SHOWN_DAYS);
  const month = shown.reduce((sum, day) => sum + tiers.reduce((cost, tier) => cost + day.micro[tier], 0), 0);
  const body =
    ledger.entries.length === 0
      ? empty(ledger)
      : `${figures(ledger, now, month)}
    <h2>The last ${SHOWN_DAYS} days</h2>
    <figure>${chart(shown)}<figcaption>${tiers.map((tier) => `<span class="key ${tier}"></span>${tier}`).join(' ')}</figcaption></figure>
    ${dayTable(shown)}
    <h2>By job</h2>${sumTable('Job', sums(ledger.entries, 'job'))}
    <h2>By model</h2>${sumTable('Model', sums(ledger.entries, 'model'))}
    <h2>Requests</h2>${requests(ledger.entries)}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}';">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tierline: cost</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
<h1>What models cost</h1>
${body}
<footer>Every request is in the ledger, those that failed too. Days are counted in UTC, as the caps are.</footer>
</main>
</body>
</html>`;
}

function empty(ledger: Ledger): string {
  return `<p>No model has been asked yet, so nothing was spent. Hovers, look-ups and renames come from the index and cost nothing.</p>${saved(ledger)}`;
}

function saved(ledger: Ledger): string {
  return ledger.cache_answers === 0
    ? ''
    : `<p>The cache answered ${ledger.cache_answers} questions, which had cost ${dollars(ledger.cache_saved_micro_usd)} when they were asked.</p>`;
}

function figures(ledger: Ledger, now: number, month: number): string {
  const figure = (value: string, label: string) => `<div><dt>${label}</dt><dd>${value}</dd></div>`;
  const flagship = ledger.same_calls_on_flagship_micro_usd;
  return `<dl>
${figure(dollars(spentOn(ledger.entries, now)), 'today')}
${figure(dollars(month), `last ${SHOWN_DAYS} days`)}
${figure(dollars(ledger.cost_micro_usd), `all ${ledger.entries.length} requests`)}
${flagship === null || flagship === 0 ? '' : figure(dollars(flagship), 'the same calls at the flagship’s prices')}
${ledger.cache_answers === 0 ? '' : figure(dollars(ledger.cache_saved_micro_usd), `not spent: ${ledger.cache_answers} answers from the cache`)}
</dl>`;
}

function dayTable(shown: ReturnType<typeof days>): string {
  const asked = shown.filter((day) => day.requests > 0).reverse();
  const row = (day: (typeof asked)[number]) =>
    `<tr><th scope="row">${day.date}</th><td>${day.requests}</td>${tiers.map((tier) => `<td>${dollars(day.micro[tier])}</td>`).join('')}</tr>`;
  return `<details><summary>As a table</summary><table><thead><tr><th scope="col">Day</th><th scope="col">Requests</th>${tiers
    .map((tier) => `<th scope="col">${tier}</th>`)
    .join('')}</tr></thead><tbody>${asked.map(row).join('')}</tbody></table></details>`;
}

function sumTable(what: string, rows: readonly Sum[]): string {
  const most = Math.max(1, ...rows.map((row) => row.micro));
  const row = (sum: Sum) =>
    `<tr><th scope="row">${escaped(sum.name)}</th><td>${sum.requests}</td><td>${sum.input.toLocaleString('en')}</td><td>${sum.output.toLocaleString('en')}</td><td>${dollars(sum.micro)}</td><td class="bar"><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="nano" width="${((sum.micro / most) * 100).toFixed(1)}" height="8"/></svg></td></tr>`;
  return `<table><thead><tr><th scope="col">${what}</th><th scope="col">Requests</th><th scope="col">Tokens in</th><th scope="col">Tokens out</th><th scope="col">Cost</th><td></td></tr></thead><tbody>${rows.map(row).join('')}</tbody></table>`;
}

function requests(entries: readonly Entry[]): string {
  const last = entries.slice(-SHOWN_REQUESTS).reverse();
  const row = (entry: Entry) =>
    `<tr><th scope="row"><time>${new Date(entry.time_ms).toISOString().slice(0, 16).replace('T', ' ')}</time></th><td class="text">${escaped(entry.job)}</td><td class="text">${escaped(entry.tier)}</td><td class="text">${escaped(entry.model)}</td><td>${dollars(entry.cost_micro_usd)}</td><td>${entry.ms === null ? '' : `${(entry.ms / 1000).toFixed(1)} s`}</td><td class="text">${escaped(entry.outcome ?? 'pending')}</td></tr>`;
  const note = entries.length > last.length ? `<p>The last ${last.length} of ${entries.length}.</p>` : '';
  return `${note}<table><thead><tr><th scope="col">Time</th><th scope="col" class="text">Job</th><th scope="col" class="text">Tier</th><th scope="col" class="text">Model</th><th scope="col">Cost</th><th scope="col">Took</th><th scope="col" class="text">Outcome</th></tr></thead><tbody>${last.map(row).join('')}</tbody></table>`;
}

const STYLE = `
body { color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); line-height: 1.5; }
main { max-width: 56rem; margin: 0 auto; padding: 1rem 1.5rem 3rem; }
h1 { font-size: 1.6em; font-weight: 600; margin: 0.6em 0 0.8em; }
h2 { font-size: 1.15em; font-weight: 600; margin: 2em 0 0.6em; }
dl { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 0; }
dl > div { display: flex; flex-direction: column-reverse; justify-content: flex-end; flex: 1 1 9rem; padding: 0.75rem 1rem; border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border)); border-radius: 6px; }
dd { margin: 0; font-size: 1.7em; font-variant-numeric: tabular-nums; }
dt, figcaption, footer, .scale, summary, p { color: var(--vscode-descriptionForeground); }
figure { margin: 0; }
figcaption { margin-top: 0.25rem; text-align: right; }
svg { display: block; width: 100%; overflow: visible; }
.scale { font-size: 11px; fill: var(--vscode-descriptionForeground); font-variant-numeric: tabular-nums; }
.grid { stroke: var(--vscode-panel-border, var(--vscode-widget-border)); stroke-width: 1; }
.hit { fill: transparent; }
g:hover > .hit { fill: var(--vscode-list-hoverBackground); }
.nano { fill: var(--vscode-charts-blue); background: var(--vscode-charts-blue); }
.mini { fill: var(--vscode-charts-purple); background: var(--vscode-charts-purple); }
.flagship { fill: var(--vscode-charts-yellow); background: var(--vscode-charts-yellow); }
.key { display: inline-block; width: 0.75em; height: 0.75em; border-radius: 2px; margin: 0 0.35em 0 1em; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0.6rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-widget-border)); }
th:first-child, .text { text-align: left; }
tbody th { font-weight: normal; }
thead th { color: var(--vscode-descriptionForeground); font-weight: 600; }
.bar { width: 22%; }
.bar svg { height: 0.6em; }
details { margin-top: 0.5rem; }
summary { cursor: pointer; }
footer { margin-top: 2.5rem; }
@media (max-width: 40rem) { main { padding: 0.5rem; } .bar { display: none; } }
`;
