import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dollars } from '../money';
import { ceiling, chart } from '../report/chart';
import { days, type Entry, type Ledger, spentOn, sums } from '../report/ledger';
import { page } from '../report/page';

const NOW = Date.UTC(2026, 10, 28, 12);
const entry = (daysAgo: number, tier: string, micro: number, model = `${tier}-model`): Entry => ({
  time_ms: NOW - daysAgo * 86_400_000,
  job: tier === 'flagship' ? 'plan' : 'summary',
  tier,
  model,
  input_tokens: 100,
  output_tokens: 20,
  cost_micro_usd: micro,
  outcome: 'ok',
  ms: 700,
});
const entries = [entry(2, 'nano', 30), entry(0, 'nano', 20), entry(0, 'flagship', 5000), entry(90, 'mini', 400)];
const ledger = (entries: Entry[]): Ledger => ({
  cost_micro_usd: entries.reduce((sum, entry) => sum + entry.cost_micro_usd, 0),
  same_calls_on_flagship_micro_usd: 9000,
  cache_answers: 3,
  cache_saved_micro_usd: 60,
  entries,
});

test('money is spelled as the server spells it', () => {
  assert.deepEqual([0, 5, 99, 100, 120_001, 1_234_567, 1_000_000].map(dollars), ['$0', '$0.000005', '$0.000099', '$0.0001', '$0.1201', '$1.24', '$1.00']);
});

test('days without a request are there, and what lies before them is not', () => {
  const shown = days(entries, NOW, 3);
  assert.deepEqual(shown.map((day) => [day.date, day.micro.nano, day.micro.flagship, day.requests]), [
    ['2026-11-26', 30, 0, 1],
    ['2026-11-27', 0, 0, 0],
    ['2026-11-28', 20, 5000, 2],
  ]);
  assert.equal(spentOn(entries, NOW), 5020);
});

test('sums have the dearest first', () => {
  assert.deepEqual(sums(entries, 'tier').map((sum) => [sum.name, sum.requests, sum.micro]), [
    ['flagship', 1, 5000],
    ['mini', 1, 400],
    ['nano', 2, 50],
  ]);
});

test('the scale ends at a round number, and bars stand on each other within it', () => {
  assert.deepEqual([0, 1, 3, 5020, 10_000].map(ceiling), [10_000, 1, 5, 10_000, 10_000]);
  const svg = chart(days(entries, NOW, 3));
  const bars = [...svg.matchAll(/<rect class="(nano|flagship)" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g)];
  assert.equal(bars.length, 3);
  for (const [, , y, height] of bars) {
    assert.ok(Number(y) >= 12 && Number(y) + Number(height) <= 176.1, svg);
  }
  assert.match(svg, /aria-label="Cost of each of the last 3 days, by tier\. The dearest was 2026-11-28 with \$0\.0051\."/);
});

test('the page lets nothing in, whatever a model calls itself', () => {
  const html = page(ledger([entry(0, 'nano', 20, '"><img src=x onerror=alert(1)>')]), NOW, 'abc');
  assert.match(html, /default-src 'none'; style-src 'nonce-abc'/);
  assert.ok(!html.includes('<img') && !html.includes('<script') && !/\sstyle=/.test(html), html);
  assert.match(html, /&lt;img/);
});

test('a ledger without entries says what costs nothing', () => {
  assert.match(page(ledger([]), NOW, 'abc'), /No model has been asked yet/);
});
