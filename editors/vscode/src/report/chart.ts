/** The chart of the report: a bar for each day, divided by tier, as SVG in the colours of the editor's theme. */

import { dollars } from '../money';
import { type Day, tiers } from './ledger';
import { escaped } from './html';

const WIDTH = 720;
const HEIGHT = 200;
const LEFT = 64;
const BOTTOM = 24;
const TOP = 12;
const GAP = 0.28;

/** The next of 1, 2, 5, 10, 20, … that is not below the value, so that the scale has round marks. */
export function ceiling(micro: number): number {
  if (micro <= 0) {
    return 10_000;
  }
  const power = 10 ** Math.floor(Math.log10(micro));
  return [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= micro) ?? micro;
}

/** The chart. Its numbers also stand in a table, for those who cannot see it. */
export function chart(days: readonly Day[]): string {
  const total = (day: Day) => tiers.reduce((sum, tier) => sum + day.micro[tier], 0);
  const top = ceiling(Math.max(...days.map(total)));
  const plot = HEIGHT - TOP - BOTTOM;
  const step = (WIDTH - LEFT) / days.length;
  const height = (micro: number) => (micro / top) * plot;
  const line = (share: number) => {
    const y = (TOP + plot * (1 - share)).toFixed(1);
    return `<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${y}" y2="${y}"/><text class="scale" x="${LEFT - 8}" y="${y}" text-anchor="end" dominant-baseline="middle">${dollars(top * share)}</text>`;
  };
  const bars = days.map((day, index) => {
    const x = LEFT + index * step + (step * GAP) / 2;
    let y = TOP + plot;
    const parts = tiers.map((tier) => {
      const part = height(day.micro[tier]);
      y -= part;
      return part > 0
        ? `<rect class="${tier}" x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(step * (1 - GAP)).toFixed(1)}" height="${part.toFixed(1)}"/>`
        : '';
    });
    const every = Math.ceil(days.length / 8);
    const isMarked = (days.length - 1 - index) % every === 0;
    const label = isMarked ? `<text class="scale" x="${(x + (step * (1 - GAP)) / 2).toFixed(1)}" y="${HEIGHT - 6}" text-anchor="middle">${escaped(day.date.slice(5))}</text>` : '';
    const said = `${day.date}: ${dollars(total(day))} in ${day.requests} ${day.requests === 1 ? 'request' : 'requests'}`;
    return `<g><title>${escaped(said)}</title><rect class="hit" x="${(LEFT + index * step).toFixed(1)}" y="${TOP}" width="${step.toFixed(1)}" height="${plot}"/>${parts.join('')}${label}</g>`;
  });
  const dearest = days.reduce((most, day) => (total(day) > total(most) ? day : most));
  const summary = `Cost of each of the last ${days.length} days, by tier. The dearest was ${dearest.date} with ${dollars(total(dearest))}.`;
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(summary)}">${[0, 0.5, 1].map(line).join('')}${bars.join('')}</svg>`;
}
