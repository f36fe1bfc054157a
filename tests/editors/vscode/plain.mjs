// What works from nothing: the extension with its server, no setting, no configuration, no model, no network.

import { readFileSync } from 'node:fs';
import { check, differing, messages, recorded, until, Workbench, writeWorkspace } from './workbench.mjs';

await writeWorkspace();
const workbench = await Workbench.start();
const { page } = workbench;
try {
  await workbench.open('shapes.py');
  check('the server is attached without any setting', await until(() => recorded().some(({ message }) => message.method === 'initialized')));
  check('the status bar says that it is ready', await until(async () => (await workbench.status()).includes('ready')), await workbench.status());

  const hover = await workbench.hover('total_area', 0, 'Used');
  check('a hover says who uses it in other files, and that it cost nothing', hover.includes('3 files') && hover.includes('describe') && hover.includes('$0'), hover);
  await workbench.picture('hover');
  await workbench.leaveHover();

  // The editor asks for code actions at each place that the cursor comes to.
  const sent = () => recorded().filter(({ from, message }) => from === 'client' && message.method === 'textDocument/codeAction');
  for (let line = 13; line < 17; line += 1) {
    await workbench.goTo(line, 6);
  }
  await until(() => sent().length > 0);
  const automatic = sent().filter(({ message }) => message.params.context.triggerKind === 2);
  const answers = automatic.map(({ message }) => recorded().find((other) => other.from === 'server' && other.message.id === message.id && 'result' in other.message));
  check('the bulb holds nothing of ours while the cursor moves', automatic.length > 0 && answers.every((answer) => answer === undefined || (answer.message.result ?? []).length === 0), answers);

  await workbench.goTo(14, 6);
  const source = await workbench.actions('Source Action...');
  check('“Source Action…” holds what can be said of the symbol', source.some((title) => title.includes('Explain `total_area`')), source);
  await workbench.picture('menu-source');
  await workbench.take('Explain');
  const preview = page.locator('.tab', { hasText: 'Preview' });
  check('an explanation is shown as it is meant to be read', await until(() => preview.count()), await page.locator('.tab').allInnerTexts());
  await workbench.command('View: Close All Editors');

  await workbench.command('Tierline: Look Up');
  await workbench.type('sum of areas');
  check('a look-up finds by words', await until(async () => (await workbench.rows()).some((row) => row.includes('total_area'))), await workbench.rows());
  check('and shows the place while it is looked at', await workbench.shows('shapes.py'));
  await workbench.picture('lookup');
  await page.keyboard.press('Enter');
  check('what is chosen is opened', await until(async () => (await workbench.text()).includes('def total_area')));

  await workbench.open('survey/plan.py');
  await workbench.goTo(7, 5);
  const refactor = await workbench.actions('Refactor...');
  check('“Refactor…” holds the instruction of the comment', refactor.some((title) => title.startsWith('Carry out: rename total_area')), refactor);
  await workbench.picture('menu-refactor');
  await workbench.take('Carry out');
  check('the editor says what was done and what it cost', await workbench.notification('in 4 files'));
  check('on disk it is as expected, and no other byte changed', await until(async () => (await differing('after')) === ''), await differing('after'));
  await workbench.command('Tierline: Undo Last Refactor');
  check('undo says so', await workbench.notification('undone'));
  check('undone, the files are equal byte for byte', await until(async () => (await differing('before')) === ''), await differing('before'));

  await workbench.command('Notifications: Clear All Notifications');
  await workbench.open('shapes.py');
  await workbench.goTo(14, 6);
  await workbench.command('Tierline: Refactor across Files');
  check('the input box suggests the symbol at the cursor', await until(async () => (await page.locator('.quick-input-widget:visible input').getAttribute('placeholder'))?.includes('rename total_area to')));
  await workbench.enter('rename total_area to summed_area');
  check('a sentence is carried out like the comment', await workbench.notification('in 4 files'));
  await workbench.command('Tierline: Undo Last Refactor');
  check('and undone', await workbench.notification('undone'));
  check('the files are as before', await until(async () => (await differing('before')) === ''), await differing('before'));

  await page.locator('.statusbar-item', { hasText: 'Tierline' }).click();
  check('a click on the status bar opens the menu', await until(async () => (await workbench.rows()).some((row) => row.includes('Cost Report'))), await workbench.rows());
  await workbench.picture('status-menu');
  await page.keyboard.press('Escape');
  await workbench.command('Tierline: Doctor');
  check('the doctor speaks', await until(async () => (await workbench.text()).includes('spent today')), await workbench.text());
  await workbench.command('View: Close All Editors');

  // One end is mended in silence; three lead to safe mode, and a restart leads out of it.
  const begun = () => recorded().filter(({ message }) => message.method === 'initialized').length;
  const end = async () => {
    const before = begun();
    process.kill(Number(readFileSync(`${messages}.pid`, 'utf8')), 'SIGKILL');
    return until(() => begun() > before);
  };
  await workbench.open('shapes.py');
  check('a server that is killed is started again', await end());
  check('and answers', (await workbench.hover('total_area', 0, 'Used')).includes('3 files'));
  await workbench.leaveHover();
  check('a second time too', await end());
  check('the third time in safe mode', (await end()) && (await workbench.notification('safe mode')));
  check('which the status bar says', await until(async () => (await workbench.status()).includes('safe mode')), await workbench.status());
  await workbench.picture('safe-mode');
  await workbench.press('Restart with Everything');
  check('a restart leads out of it', await until(async () => (await workbench.status()).includes('ready')), await workbench.status());

  await workbench.command('Tierline: Getting Started');
  check('the walkthrough opens', await until(() => page.locator('.getting-started-step').count()));
  await workbench.picture('walkthrough');

  await workbench.command('Developer: Show Running Extensions');
  const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Tierline' });
  // The list holds only the rows that are in view, the slowest extension first.
  const shown = await until(async () => {
    if (await row.count()) return true;
    await page.locator('.runtime-extensions-editor .monaco-list').hover();
    await page.mouse.wheel(0, 300);
    return false;
  });
  if (shown) console.log(`     the editor says: ${(await row.first().innerText()).replace(/\s+/g, ' ')}`);
} catch (error) {
  check('the session goes to its end', false, String(error.stack ?? error));
  await workbench.picture('broken-off');
}
await workbench.finish();
