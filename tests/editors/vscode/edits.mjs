// Edits of one place by a model: documentation, a diagnostic of another server fixed, what is selected rewritten, a refactor called off.
// The model server is a script on this machine.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startModels } from './scripted.mjs';
import { check, differing, recorded, until, Workbench, workspace, writeWorkspace } from './workbench.mjs';

const BROKEN = `export function count(sides: number[]): number {
  const none: number = "0";
  return none + sides.length;
}
`;

const models = await startModels();
await writeWorkspace();
writeFileSync(join(workspace, 'count.ts'), BROKEN);
const onDisk = (path) => readFileSync(join(workspace, path), 'utf8');
const workbench = await Workbench.start();
const { page } = workbench;

async function undo() {
  await workbench.command('Notifications: Clear All Notifications');
  await workbench.command('Tierline: Undo Last Refactor');
  check('it is undone', await workbench.notification('undone'));
  await workbench.command('File: Save All');
  await workbench.command('Notifications: Clear All Notifications');
}

try {
  await workbench.open('shapes.py');
  await until(async () => (await workbench.status()).includes('ready'));

  await workbench.goTo(19, 6);
  const titles = await workbench.actions('Refactor...');
  check('“Refactor…” holds what a model can do with a function', ['Document `perimeter`', 'Simplify `perimeter`', 'Suggest a better name for `perimeter`', 'Refactor across files…'].every((title) => titles.some((offered) => offered.startsWith(title))), titles);
  await workbench.take('Document');
  check('a function is documented', await until(async () => (await workbench.text()).includes('"""Describes the sides, each as a square."""')), await workbench.text());
  check('and what it cost is said', await workbench.notification('in 1 file (mini'), await page.locator('.notification-list-item').allInnerTexts());
  await workbench.picture('documented');
  await undo();
  check('the file is as before', await until(async () => (await differing('before')) === ''), await differing('before'));

  await workbench.open('count.ts');
  check('another server complains', await until(() => page.locator('.squiggly-error').count()));
  await workbench.goTo(2, 10);
  const fixes = await workbench.actions('Quick Fix...');
  check('its complaint can be fixed', fixes.some((title) => title.startsWith('Fix “Type')), fixes);
  await workbench.picture('menu-fix');
  await workbench.take('Fix “Type');
  check('it is fixed', await until(async () => (await workbench.text()).includes('none: number = 0;')), await workbench.text());
  check('and the other server is content', await until(async () => (await page.locator('.squiggly-error').count()) === 0));
  await undo();
  check('the file is as before', await until(() => onDisk('count.ts') === BROKEN), onDisk('count.ts'));

  await workbench.open('survey/plan.py');
  await workbench.goTo(11, 5);
  await page.keyboard.press('Shift+End');
  const selection = await workbench.actions('Refactor...');
  check('what is selected can be rewritten', selection.some((title) => title.startsWith('Rewrite selection')), selection);
  await workbench.take('Rewrite selection');
  await page.locator('.quick-input-widget:visible input').waitFor();
  await workbench.enter('be strict');
  check('by what is typed', await until(async () => (await workbench.text()).includes('found > wanted')), await workbench.text());
  await undo();
  check('the file is as before', await until(async () => (await differing('before')) === ''), await differing('before'));

  await workbench.command('Tierline: Refactor across Files');
  await workbench.enter('take your time');
  check('a plan that takes long can be called off', await workbench.notification('Planning'));
  await workbench.press('Cancel');
  check('the server is told', await until(() => recorded().some(({ from, message }) => from === 'client' && message.method === 'window/workDoneProgress/cancel')));
  check('and nothing is left of it', await until(async () => (await workbench.status()).includes('ready')) && (await differing('before')) === '', await workbench.status());
} catch (error) {
  check('the session goes to its end', false, String(error.stack ?? error));
  await workbench.picture('broken-off');
}
models.kill();
await workbench.finish();
