// What the extension adds to the editor's start: what the editor says that it took, in turn with an extension of the same name in which
// there is nothing. No test: figures, for a machine that does nothing else.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { home, until, Workbench, writeWorkspace } from './workbench.mjs';

const WINDOWS = 9;
const NAME = 'tierline.tierline';

await writeWorkspace();
const workbench = await Workbench.start();
const { page } = workbench;
const extensions = join(home, 'extensions');
const file = join(extensions, readdirSync(extensions).find((name) => name.startsWith(NAME)), 'dist', 'extension.js');
const contents = { tierline: readFileSync(file, 'utf8'), 'an empty extension': 'exports.activate = () => {};\n' };
const took = { tierline: [], 'an empty extension': [] };

for (let window = 0; window < WINDOWS; window += 1) {
  for (const [which, content] of Object.entries(contents)) {
    writeFileSync(file, content);
    await page.reload({ waitUntil: 'commit' });
    await page.waitForSelector('.explorer-folders-view .monaco-list-row', { timeout: 120_000 });
    took[which].push(await activation());
  }
}
for (const [which, times] of Object.entries(took)) {
  console.log(`     ${which}: loaded and activated in ${times.toSorted((a, b) => a - b)[WINDOWS >> 1]} ms at the median, of ${times.join(', ')}`);
}
await workbench.finish();

/** What the editor says that loading the code and the call of `activate` took, in ms. */
async function activation() {
  for (;;) {
    await workbench.command('Developer: Startup Performance');
    await until(async () => (await workbench.text()).includes('System Info'));
    const row = await until(async () => {
      await page.keyboard.press('Control+f');
      await page.keyboard.type(`${NAME} `);
      await page.keyboard.press('Escape');
      const rows = (await workbench.text()).split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
      return rows.find((cells) => cells[1] === NAME && /^\d+$/.test(cells[3]));
    }, 5000);
    await workbench.command('View: Close All Editors');
    // It is written down once, and may have been written before the extension was started.
    if (row) {
      return Number(row[3]) + Number(row[4]);
    }
  }
}
