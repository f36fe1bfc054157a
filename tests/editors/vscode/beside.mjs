// Beside the language's own server, which here is the editor's own for TypeScript: hovers stand together, nothing is listed twice, a
// rename is still the other's.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, recorded, until, Workbench, workspace } from './workbench.mjs';

mkdirSync(workspace, { recursive: true });
writeFileSync(join(workspace, 'tsconfig.json'), '{"compilerOptions": {"strict": true, "module": "esnext", "moduleResolution": "bundler"}}');
writeFileSync(join(workspace, 'shapes.ts'), `/** Sums the areas. */
export function totalArea(sides: number[]): number {
  return sides.reduce((sum, side) => sum + side * side, 0);
}
`);
writeFileSync(join(workspace, 'report.ts'), `import { totalArea } from './shapes';

export const describe = (sides: number[]) => \`\${totalArea(sides)} m²\`;
`);

const workbench = await Workbench.start();
const { page } = workbench;
try {
  await workbench.open('report.ts');
  await workbench.open('shapes.ts');
  await until(async () => (await workbench.status()).includes('ready'));
  let hover = '';
  await until(async () => {
    hover = await workbench.hover('totalArea', 0, 'Used');
    return hover.includes('function totalArea(sides');
  });
  check('a hover holds what both know', hover.includes('function totalArea(sides') && hover.includes('1 file') && hover.includes('describe'), hover);
  check('and the documentation once', hover.split('Sums the areas').length === 2, hover);
  await workbench.picture('hover-beside');
  await workbench.leaveHover();

  await workbench.open('report.ts');
  await workbench.goTo(3, 52);
  await page.keyboard.press('F12');
  check('a definition is found once: the editor goes there without asking', await workbench.shows('shapes.ts'));
  check('no peek of several definitions is open', (await page.locator('.peekview-widget').count()) === 0);

  await workbench.goTo(2, 20);
  await page.keyboard.press('F2');
  const input = page.locator('.rename-box:visible input');
  await input.waitFor();
  await input.fill('summedArea');
  await page.keyboard.press('Enter');
  await until(async () => (await workbench.text()).includes('summedArea'));
  await workbench.command('File: Save All');
  const holds = (file) => readFileSync(join(workspace, file), 'utf8').includes('summedArea(');
  check('a rename is the other server’s, over both files', await until(() => holds('shapes.ts') && holds('report.ts')), await workbench.text());
  check('and we were not asked', !recorded().some(({ message }) => message.method === 'textDocument/rename'));
} catch (error) {
  check('the session goes to its end', false, String(error.stack ?? error));
  await workbench.picture('broken-off');
}
await workbench.finish();
