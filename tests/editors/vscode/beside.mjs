// Beside the language's own server, which here is the editor's own for TypeScript: hovers stand together, nothing is listed twice, a
// rename is still the other's, and one that we are told to make is the other's, too.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binary, check, home, recorded, until, Workbench, workspace } from './workbench.mjs';

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

// What only types tell: the index leaves the use behind `first` alone, because two classes have such a method.
writeFileSync(join(workspace, 'square.ts'), `export class Square {
  constructor(private readonly side: number) {}
  area(): number {
    return this.side * this.side;
  }
}
`);
writeFileSync(join(workspace, 'circle.ts'), `import { Square } from './square';

type Of<T> = T extends (infer U)[] ? U : never;

export class Circle {
  area(): number {
    return 3;
  }
}

export function sum(squares: Square[], circle: Circle): string {
  const first = squares[0] as Of<typeof squares>;
  return \`Größe 📐 \${first.area() + circle.area()}\`;
}
`);
// Nothing else in this editor knows Python.
writeFileSync(join(workspace, 'store.py'), `class Store:
    def restock(self):
        return 1


class Shelf:
    def restock(self):
        return 2


def late(thing):
    return thing.restock()
`);

/** What the receipt of the last change says of its one step. */
const receipt = () => JSON.parse(execFileSync(binary, ['receipt', '--json'], { cwd: workspace })).lines[1];
const asked = (method) => recorded().filter(({ message }) => message.method === method);

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

  await workbench.command('Notifications: Clear All Notifications');
  await workbench.command('Tierline: Refactor across Files');
  await workbench.enter('rename Square.area to extent');
  check('our rename is the other’s where it can be asked', await workbench.notification('for typescript'), await workbench.notification('rename Square.area', 1000));
  check('and the receipt names it', receipt().by?.endsWith(' for typescript') && receipt().refused.length === 0, receipt());
  await workbench.command('File: Save All');
  const of = (file) => readFileSync(join(workspace, file), 'utf8');
  check('it knows what only types tell, in files that were not open', await until(() => of('circle.ts').includes('📐 ${first.extent() + circle.area()}')), of('circle.ts'));
  check('and the definition is renamed', of('square.ts').includes('extent(): number') && of('circle.ts').includes('area(): number'), of('square.ts'));
  check('it was asked once', asked('tierline/clientRename').length === 1, asked('tierline/clientRename'));

  // Our own references, switched on, are not the other's.
  mkdirSync(join(home, 'config', 'tierline'), { recursive: true });
  writeFileSync(join(home, 'config', 'tierline', 'config.toml'), '[navigation]\nenabled = true\n');
  await workbench.command('Tierline: Restart');
  const offers = ({ from, message }) => from === 'server' && Boolean(message.result?.capabilities?.referencesProvider);
  check('started anew, we offer references', await until(() => recorded().some(offers)));
  await until(async () => (await workbench.status()).includes('ready'));
  await workbench.command('Notifications: Clear All Notifications');
  await workbench.command('Tierline: Refactor across Files');
  await workbench.enter('rename Store.restock to refill');
  check('where nobody knows the language the index does it', await workbench.notification('index · $0'), await workbench.notification('rename Store.restock', 1000));
  // The server before this one had numbers of its own, the same.
  const messages = recorded();
  const at = messages.findLastIndex(({ message }) => message.method === 'tierline/clientReferences');
  const answer = messages.slice(at + 1).find(({ from, message }) => from === 'client' && message.id === messages[at].message.id && message.method === undefined);
  check('and our own references are not taken for another’s', answer?.message.result === null && asked('textDocument/references').length === 0, answer);
} catch (error) {
  check('the session goes to its end', false, String(error.stack ?? error));
  await workbench.picture('broken-off');
}
await workbench.finish();
