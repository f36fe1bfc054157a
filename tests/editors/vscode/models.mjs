// What a configured model adds: summaries that fill in, explanations, look-ups with reasons, the key, the cost, calling off. The model
// server is a script on this machine.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { asked, startModels } from './scripted.mjs';
import { binary, check, home, out, recorded, until, Workbench, workspace, writeWorkspace } from './workbench.mjs';

const SECRET = 'key-of-the-session-0123456789';
const models = await startModels({ delays: { summary: 2, explain: 20 }, keyEnv: 'SESSION_API_KEY', more: '[egress]\nask = "always"\n' });

await writeWorkspace();
const workbench = await Workbench.start();
const { page } = workbench;
try {
  await workbench.open('shapes.py');
  await until(async () => (await workbench.status()).includes('ready'));

  await workbench.command('Tierline: Set API Key');
  await workbench.enter('Another');
  await until(async () => (await page.locator('.quick-input-widget:visible input').first().getAttribute('placeholder')) === 'EXAMPLE_API_KEY');
  await workbench.type('LD_PRELOAD');
  check('a variable that is no key’s is refused', await until(async () => (await page.locator('.quick-input-message').innerText()).includes('ending in KEY')));
  await workbench.enter('SESSION_API_KEY');
  const password = page.locator('.quick-input-widget:visible input[type=password]');
  await password.waitFor();
  await password.fill(SECRET);
  await workbench.picture('key');
  await page.keyboard.press('Enter');
  check('the key is taken, and what it is good for is said', await workbench.notification('nano: nano-model'));
  await until(async () => (await workbench.status()).includes('ready'));
  await workbench.command('Notifications: Clear All Notifications');

  check('a hover is there at once', (await workbench.hover('total_area', 0, 'Used')).includes('3 files'));
  check('the user is asked before the first text leaves', await workbench.notification('Allow'));
  await workbench.picture('consent');
  await workbench.press('Allow');
  const hover = await workbench.hover('total_area', 0, 'Adds up what each shape');
  check('the summary fills in, with its tier', hover.includes('nano'), hover);
  await workbench.picture('hover-summary');
  check('the key went to the model server and to no file', asked()[0]?.authorization === `Bearer ${SECRET}` && !holds(SECRET));
  await workbench.leaveHover();

  await workbench.command('Tierline: Look Up');
  await workbench.type('what adds up areas?');
  await until(async () => (await workbench.rows()).some((row) => row.includes('have a small model choose')));
  await page.keyboard.press('Enter');
  check('a look-up by a model says why and what it cost', await until(async () => (await workbench.rows()).some((row) => row.includes('which is what the question asks')) && (await page.locator('.quick-input-widget:visible .quick-input-title').innerText()).includes('nano')), await workbench.rows());
  await workbench.picture('lookup-model');
  await page.keyboard.press('Escape');

  await workbench.goTo(14, 6);
  await workbench.command('Tierline: Explain Symbol');
  check('a long job is a notification that can be called off', await workbench.notification('Explaining'));
  await workbench.picture('progress');
  await workbench.press('Cancel');
  const cancelled = () => recorded().some(({ from, message }) => from === 'client' && message.method === 'window/workDoneProgress/cancel');
  check('calling it off reaches the server', await until(cancelled));
  check('and the notification goes', await until(async () => (await page.locator('.notifications-toasts .notification-list-item', { hasText: 'Explaining' }).count()) === 0));

  await workbench.command('Tierline: Show Cost Report');
  const report = page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
  check('the report shows the chart', await until(() => report.locator('svg[role=img] rect.nano').count()));
  check('and each request', await until(async () => (await report.locator('body').innerText()).includes('nano-model')));
  await workbench.picture('report');
  const spent = JSON.parse(execFileSync(binary, ['report', '--json'], { env: process.env, encoding: 'utf8' })).cost_micro_usd;
  check('what the status bar says was spent is what the ledger says', await until(async () => {
    const shown = /\$([\d.]+)/.exec(await page.locator('.statusbar-item', { hasText: 'Tierline' }).first().innerText());
    return shown !== null && Math.ceil(spent / 100) * 100 === Math.round(Number(shown[1]) * 1_000_000) && spent > 0;
  }), [spent, await page.locator('.statusbar-item', { hasText: 'Tierline' }).first().innerText()]);
  await page.locator('.statusbar-item', { hasText: 'Tierline' }).click();
  await until(async () => (await workbench.rows()).some((row) => row.includes('Cost Report')));
  await workbench.picture('status-menu');
  await page.keyboard.press('Escape');

  await workbench.command('Tierline: Remove API Key');
  await until(async () => (await workbench.rows()).some((row) => row.includes('SESSION_API_KEY')));
  await page.keyboard.press('Enter');
  check('a key can be forgotten', await workbench.notification('is forgotten'));
} catch (error) {
  check('the session goes to its end', false, String(error.stack ?? error));
  await workbench.picture('broken-off');
}
models.kill();
await workbench.finish();

/** Whether a text stands in a file of the user's, of Tierline's or of the workspace; the editor keeps secrets in its own way. */
function holds(text) {
  const folders = ['config', 'state', 'cache', 'share'].map((name) => join(home, name)).filter(existsSync);
  try {
    execFileSync('grep', ['-rqF', text, ...folders, workspace, join(out, 'arguments.txt'), join(out, 'messages.jsonl')]);
    return true;
  } catch {
    return false;
  }
}
