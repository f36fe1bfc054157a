import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Receipt, rows, summary } from '../receipt/rows';

const RECEIPT: Receipt = {
  instruction: 'let restock take a note',
  files: 2,
  cost_micro_usd: 3100,
  looked_up: ['references restock'],
  lines: [
    { step: 'e1', what: 'edited src/store.rs', tier: 'mini', cost_micro_usd: 3100, cached: false, ms: 1840, refused: ['no such symbol'] },
    { step: 'e2', what: 'renamed forecast', tier: 'index', cost_micro_usd: 0, cached: false, ms: 3, refused: [] },
  ],
  account: {
    tiers: [{ tier: 'mini', requests: 2, input_tokens: 3210, output_tokens: 140, cost_micro_usd: 3100 }],
    same_calls_at_flagship_micro_usd: 10125,
    one_flagship_agent: { input_tokens: 9000, output_tokens: 300, cost_micro_usd: null },
  },
};

test('each step says who did it, for how much, and why answers were refused', () => {
  const [first, second, lookedUp, used, same, agent] = rows(RECEIPT);
  assert.equal(`${first?.label} (${first?.description})`, 'e1: edited src/store.rs (mini · $0.0031 · 1.8 s)');
  assert.equal(first?.children?.[0]?.label, 'An answer was refused: no such symbol');
  assert.equal(`${second?.label} (${second?.description})`, 'e2: renamed forecast (index · $0 · 3 ms)');
  assert.deepEqual(lookedUp?.children?.map(({ label }) => label), ['references restock']);
  assert.equal(used?.children?.[0]?.description, '2 requests · 3,210 tokens in, 140 out · $0.0031');
  assert.equal(same?.description, '$0.0102');
  assert.equal(agent?.description, 'about 9,000 tokens in, 300 out');
  assert.equal(summary(RECEIPT), '“let restock take a note” in 2 files · $0.0031');
});

test('the language’s own server is named where it said what to change', () => {
  const line = { step: 'e1', what: 'renamed a to b by pyright', tier: 'index', by: 'pyright', cost_micro_usd: 0, cached: false, ms: 9, refused: [] };
  const [row] = rows({ ...RECEIPT, lines: [line] });
  assert.deepEqual([row?.description, row?.icon], ['pyright · $0 · 9 ms', 'server']);
});

test('an edit that needed no model is compared with nothing', () => {
  assert.deepEqual(rows({ ...RECEIPT, looked_up: [], account: null }).map(({ label }) => label.slice(0, 2)), ['e1', 'e2']);
});
