// A refactor over several files as a user goes through it: asked for in words, planned, one step left out, looked at in the editor's own
// Refactor Preview, confirmed, read in the receipt, and undone. The model server is a script on this machine.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asked, startModels } from './scripted.mjs';
import { check, differing, until, Workbench, workspace, writeWorkspace } from './workbench.mjs';

const onDisk = (path) => readFileSync(join(workspace, path), 'utf8');
const isThere = (path) => existsSync(join(workspace, path));

const models = await startModels();
await writeWorkspace();
const workbench = await Workbench.start();
const { page } = workbench;
const lens = (title) => page.locator('.codelens-decoration a', { hasText: title });
const preview = page.locator('.bulk-edit-panel');
const boxes = preview.locator('.edit-checkbox');
const planTab = page.locator('.tab', { hasText: 'plan-the-refactor' });

async function plan() {
  await workbench.command('Tierline: Refactor across Files');
  await workbench.enter('plan the refactor of the shapes');
  return until(async () => (await planTab.count()) > 0 && (await lens('Apply the ticked steps').count()) > 0);
}

/** Clicks until something comes of it: the editor makes its lenses anew when it likes, and a click on one that goes is lost. */
function press(target, done) {
  return until(async () => {
    await target.click({ timeout: 2000 });
    return until(done, 5000);
  });
}

/** Ticks each file, from the first to the last: a list has only the rows that are in view. */
async function tickAll() {
  const off = preview.locator('.monaco-list-row[aria-level="1"] .edit-checkbox[aria-checked=false]');
  return until(async () => {
    if (await off.count()) {
      await off.first().click({ timeout: 2000 });
      return false;
    }
    await preview.locator('.monaco-list').hover();
    await page.mouse.wheel(0, 60);
    return (await preview.locator('.monaco-list-row[data-last-element=true]').count()) > 0 && (await off.count()) === 0;
  });
}

try {
  await workbench.open('shapes.py');
  await until(async () => (await workbench.status()).includes('ready'));

  check('a plan opens, with lenses over it', await plan(), await page.locator('.tab').allInnerTexts());
  check('which says that nothing has been changed', (await workbench.text()).includes('Nothing has been changed yet') && (await differing('before')) === '', await workbench.text());
  await workbench.command('Notifications: Clear All Notifications');
  await workbench.picture('plan');

  await page.locator('.editor-instance .view-line').first().click();
  await page.keyboard.press('Control+End');
  await until(async () => (await workbench.text()).includes('[x] **e5**'));
  // The lens of the last step, which needs another one; nothing needs it.
  const unticked = async () => (await workbench.text()).includes('[ ] **e5**');
  check('a lens unticks a step', await press(lens('Leave out').last(), unticked), await workbench.text());
  await page.keyboard.press('Control+Home');
  check('and the plan counts anew', await until(() => lens('Apply the ticked steps (4 of 5)').count()), await page.locator('.codelens-decoration').allInnerTexts());
  await workbench.picture('plan-unticked');
  await lens('Apply the ticked steps').click();

  check('the editor’s own preview opens', await until(() => preview.isVisible()));
  const files = ['shapes.py', 'notes.py', 'summary.py', 'plan.py'];
  // The list holds only the rows that it has room for.
  const listed = new Set();
  await preview.locator('.monaco-list').first().hover();
  check('with every file', await until(async () => {
    (await preview.locator('.monaco-list-row').allInnerTexts()).forEach((row) => listed.add(row));
    await page.mouse.wheel(0, 30);
    return files.every((file) => [...listed].some((row) => row.includes(file)));
  }), [...listed]);
  await page.mouse.wheel(0, -1000);
  check('and nothing is changed before it is confirmed', (await differing('before')) === '' && !isThere('notes.py') && isThere('report.py'), await differing('before'));
  await workbench.picture('preview');
  check('nothing is ticked before the user ticks it', (await boxes.count()) > 0 && (await boxes.evaluateAll((all) => all.every((box) => box.getAttribute('aria-checked') === 'false'))));

  await preview.locator('.monaco-button', { hasText: 'Discard' }).click();
  check('discarded, it is said that nothing was applied', await workbench.notification('not confirmed in the preview'));
  check('and nothing was', (await differing('before')) === '' && !isThere('notes.py'), await differing('before'));
  check('the plan is still there', (await planTab.count()) === 1);
  await workbench.command('Notifications: Clear All Notifications');

  const before = asked().length;
  await lens('Apply the ticked steps').click();
  await until(() => boxes.count());
  check('a second preview asks no model again', asked().length === before, asked().slice(before));
  check('every file can be ticked', await tickAll(), await boxes.count());
  await workbench.picture('preview-ticked');
  await preview.locator('.monaco-button', { hasText: 'Apply' }).click();
  check('the editor says what was done and what it cost', await workbench.notification('in 5 files ('), await page.locator('.notification-list-item').allInnerTexts());
  check('a symbol was edited', await until(() => onDisk('shapes.py').includes('return side * 4')), onDisk('shapes.py'));
  check('a file is new', await until(() => isThere('notes.py') && onDisk('notes.py') === '"""Notes on shapes."""\n\nNOTES = []\n'));
  check('a file is renamed', await until(() => isThere('summary.py') && !isThere('report.py') && onDisk('summary.py').includes('def describe')));
  check('another one was edited', await until(() => onDisk('survey/plan.py').includes('total_area(fields) * 2')), onDisk('survey/plan.py'));
  check('what was not ticked is as it was', onDisk('shapes.py').includes('return self.side * self.side'), onDisk('shapes.py'));
  check('the plan that is done with is gone, with its tab', await until(async () => (await planTab.count()) === 0), await page.locator('.tab').allInnerTexts());
  await workbench.command('Notifications: Clear All Notifications');

  await workbench.command('Tierline: Show Receipt of Last Refactor');
  const receipt = page.locator('.part.panel .tree-explorer-viewlet-tree-view');
  const rows = async () => (await receipt.locator('.monaco-list-row').allInnerTexts()).map((row) => row.replace(/\s+/g, ' '));
  check('the receipt says who did which step', await until(async () => {
    const shown = await rows();
    return ['e1', 'e2', 'e4'].every((step) => shown.some((row) => row.startsWith(step) && row.includes('mini'))) && shown.some((row) => row.startsWith('e3') && row.includes('index · $0'));
  }), await rows());
  check('and what it was about', (await page.locator('.part.panel .tree-explorer-viewlet-tree-view').innerText()).includes('“plan the refactor of the shapes” in 5 files'));
  await workbench.picture('receipt');

  await workbench.command('Tierline: Undo Last Refactor');
  check('undo says so', await workbench.notification('undone'));
  check('undone, the files are equal byte for byte', await until(async () => (await differing('before')) === ''), await differing('before'));
  check('and the new ones are gone', await until(() => !isThere('notes.py') && !isThere('summary.py')));
  check('so is the receipt', await until(async () => (await rows()).length === 0 && (await receipt.innerText()).includes('no edit that could be undone')), await receipt.innerText());

  await workbench.command('Notifications: Clear All Notifications');
  await workbench.open('shapes.py');
  check('a plan opens again', await plan(), await page.locator('.tab').allInnerTexts());
  await lens('Discard this plan').click();
  check('a plan can be thrown away', await until(async () => (await planTab.count()) === 0), await page.locator('.tab').allInnerTexts());
} catch (error) {
  check('the session goes to its end', false, String(error.stack ?? error));
  await workbench.picture('broken-off');
}
models.kill();
await workbench.finish();
