import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Crashes } from '../server/crashes';

test('three ends lead to safe mode, two more to a stop, each after a longer wait', () => {
  const crashes = new Crashes();
  assert.deepEqual(crashes.ended(0, false), { action: 'restart', delayMs: 250, safe: false });
  assert.deepEqual(crashes.ended(1000, false), { action: 'restart', delayMs: 500, safe: false });
  assert.deepEqual(crashes.ended(2000, false), { action: 'restart', delayMs: 1000, safe: true });
  assert.deepEqual(crashes.ended(3000, true), { action: 'restart', delayMs: 250, safe: true });
  assert.deepEqual(crashes.ended(4000, true), { action: 'stop' });
});

test('ends that lie far apart never add up', () => {
  const crashes = new Crashes();
  for (let minute = 0; minute < 60; minute += 4) {
    assert.deepEqual(crashes.ended(minute * 60_000, false), { action: 'restart', delayMs: 250, safe: false });
  }
});
