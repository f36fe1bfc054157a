import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addition } from '../addition';

const PLAIN = '`area`, function, line 3\n\nCalled 2 times\n\n*index · $0*';

test('only what is new is added to a hover', () => {
  assert.equal(addition(`${PLAIN.replace('*index · $0*', 'Adds up.')}\n\n*nano · $0.0001*`, PLAIN, undefined), 'Adds up.\n\n*nano · $0.0001*');
  assert.equal(addition(PLAIN, PLAIN, undefined), '');
});

test('a reason is shown where there is no summary, and never as markup', () => {
  assert.equal(addition(PLAIN, PLAIN, 'over [budget](command:x)'), '*No summary: over \\[budget\\]\\(command:x\\)*');
});
