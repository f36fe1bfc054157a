import assert from 'node:assert/strict';
import { test } from 'node:test';
import { held, plain } from '../peer/answer';

test('an answer holds for the version that a document had throughout', () => {
  assert.equal(held('a', new Map([['a', 3]]), new Map([['a', 3]])), 3);
  assert.equal(held('a', new Map(), new Map()), null, 'it is not open');
  assert.equal(held('a', new Map(), new Map([['a', 1]])), 1, 'the editor opened it to look at it');
  assert.throws(() => held('a', new Map([['a', 3]]), new Map([['a', 4]])), /changed meanwhile/);
});

test('a range is what the protocol knows of it', () => {
  const range = { start: { line: 1, character: 2, e: 0 }, end: { line: 1, character: 4 }, isEmpty: false };
  assert.deepEqual(plain(range), { start: { line: 1, character: 2 }, end: { line: 1, character: 4 } });
});
