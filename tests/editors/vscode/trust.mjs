// A workspace that the user does not trust: the index answers, no model is in reach, and what the workspace sets does not count.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, home, out, recorded, until, Workbench, workspace, writeRecorder, writeWorkspace } from './workbench.mjs';

await writeWorkspace();
mkdirSync(join(workspace, '.vscode'));
// What a hostile repository would like: a program of its own as the server, and hovers that cost money.
const trap = join(home, 'trap');
writeRecorder(join(workspace, 'evil'), '/bin/false');
writeFileSync(join(workspace, 'evil'), `#!/bin/sh\ntouch "${trap}"\n`);
writeFileSync(join(workspace, '.vscode', 'settings.json'), JSON.stringify({
  'tierline.server.path': join(workspace, 'evil'),
  'tierline.hover.summary': 'auto',
  'tierline.hover.signature': true,
  'tierline.offline': false,
}));
const started = () => (existsSync(join(out, 'arguments.txt')) ? readFileSync(join(out, 'arguments.txt'), 'utf8').trim().split('\n') : []);
// What the server was told at its start, and what it got when it asked.
const told = () => recorded().filter(({ message }) => message.method === 'initialize').map(({ message }) => message.params.initializationOptions);
const asked = () => {
  const questions = recorded().filter(({ message }) => message.method === 'workspace/configuration').map(({ message }) => message.id);
  return recorded().filter(({ from, message }) => from === 'client' && questions.includes(message.id) && 'result' in message).map(({ message }) => message.result[0]);
};

const workbench = await Workbench.start({ trusts: false });
const { page } = workbench;
try {
  check('the window is restricted', await until(() => page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).count()));
  await workbench.open('shapes.py');
  check('the status bar says that no model is asked', await until(async () => (await workbench.status()).includes('restricted mode')), await workbench.status());
  const hover = await workbench.hover('total_area', 0, 'Used');
  check('a hover comes from the index', hover.includes('$0'), hover);
  check('as the workspace’s settings do not count', !hover.includes('def total_area'), hover);
  check('the server is told that no model is in reach', started().length === 1 && started()[0].startsWith('--offline'), started());
  check('and nothing of what the workspace sets', told()[0]?.hover === undefined && asked().every((settings) => settings.hover === undefined), [told(), asked()]);
  await workbench.picture('restricted');
  await workbench.leaveHover();

  await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).click();
  const trust = page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).first();
  await trust.waitFor();
  await trust.click();
  check('trusted, the server starts anew with everything', await until(() => started().length === 2 && !started()[1].includes('--offline')), started());
  check('and is told what the workspace sets when it asks, never as the user’s own word', (await until(() => asked().at(-1)?.hover?.summary === 'auto')) && told()[1]?.hover === undefined, [told(), asked()]);
  await until(async () => (await workbench.status()).includes('ready'));
  check('the program that the workspace names was never run', !existsSync(trap));
} catch (error) {
  check('the session goes to its end', false, String(error.stack ?? error));
  await workbench.picture('broken-off');
}
await workbench.finish();
