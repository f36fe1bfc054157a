import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steps, TICK } from '../plan/steps';

const PLAN = `# Refactor plan

## Asked for

\`\`\`\`text
- [x] **e7** rename \`a\`
\`\`\`
- [x] **e8** rename \`b\`
\`\`\`\`

## Steps

- [x] **e1** edit_symbol \`perimeter\` in \`shapes.py\` (mini, about 3,703 tokens, $0.0031)
  - goal:
    \`\`\`text
    - [x] **e9** no step
    \`\`\`

- [ ] **e2** rename_file \`report.py\` to \`summary.py\` (index)
`;

test('steps are found where they stand, and never in what is quoted', () => {
  const lines = PLAN.split('\n');
  const found = steps(PLAN);
  assert.deepEqual(found.map(({ id, isTicked, isByMini }) => [id, isTicked, isByMini]), [['e1', true, true], ['e2', false, false]]);
  assert.deepEqual(found.map(({ line }) => lines[line]?.[TICK]), ['x', ' ']);
  assert.deepEqual(steps(PLAN.replaceAll('\n', '\r\n')), found);
});
