// No server anywhere: the extension says so plainly, and goes on once there is one.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binary, check, home, until, Workbench, writeRecorder, writeWorkspace } from './workbench.mjs';

await writeWorkspace();
const workbench = await Workbench.start();
const { page } = workbench;
try {
  await workbench.open('shapes.py');
  check('it says that there is no server, and why', await workbench.notification('has no server to run'), 'nothing');
  check('and offers what helps', await until(async () => {
    const buttons = await page.locator('.notification-list-item .monaco-button').allInnerTexts();
    return ['Open Settings', 'How to Install', 'Try Again'].every((button) => buttons.includes(button));
  }), await page.locator('.notification-list-item .monaco-button').allInnerTexts());
  await workbench.picture('missing');
  check('the status bar says so too', (await workbench.status()).includes('no server'), await workbench.status());
  const [program, machine] = [join(home, 'tierline'), join(home, 'data', 'Machine', 'settings.json')];
  writeFileSync(machine, JSON.stringify({ 'tierline.server.path': join(home, 'nowhere') }));
  check('a setting that names nothing is named', await workbench.notification(`${join(home, 'nowhere')}, which does not exist`));
  writeRecorder(program, binary);
  writeFileSync(machine, JSON.stringify({ 'tierline.server.path': program }));
  check('with a setting that is right it goes on by itself', await until(async () => (await workbench.status()).includes('ready')), await workbench.status());
  check('and answers', (await workbench.hover('total_area', 0, 'Used')).includes('3 files'));
} catch (error) {
  check('the session goes to its end', false, String(error.stack ?? error));
  await workbench.picture('broken-off');
}
await workbench.finish();
