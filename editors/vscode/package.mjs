#!/usr/bin/env node
// Makes the .vsix: npm run package -- [--target linux-x64] [--server FILE] [--out FILE]
//
// Installs what the build needs, checks the types, bundles, and puts the server in. Without --server the release build of this
// checkout is taken where there is one; with --target universal none is, and the extension looks for one on the PATH.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { target: { type: 'string' }, server: { type: 'string' }, out: { type: 'string' } } });
const target = values.target ?? `${process.platform}-${process.arch}`;
const program = target.startsWith('win32') ? 'tierline.exe' : 'tierline';
const release = join(process.env.CARGO_TARGET_DIR ?? join(here, '..', '..', 'target'), 'release', program);
const server = target === 'universal' ? undefined : resolve(values.server ?? release);
const out = resolve(values.out ?? join(here, `tierline-${target}.vsix`));

if (server !== undefined && !existsSync(server)) {
  console.error(`no server at ${server}: run \`cargo build --release\`, or name one with --server, or make --target universal`);
  process.exit(2);
}
const run = (command, ...args) => execFileSync(command, args, { cwd: here, stdio: 'inherit', shell: process.platform === 'win32' });
if (!existsSync(join(here, 'node_modules', 'esbuild'))) {
  run('npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund');
}
const tool = (...path) => join(here, 'node_modules', ...path);
run(process.execPath, tool('typescript', 'bin', 'tsc'), '-p', '.');
rmSync(join(here, 'dist'), { recursive: true, force: true });
run(process.execPath, 'esbuild.mjs');

const folder = join(here, 'server');
rmSync(folder, { recursive: true, force: true });
if (server !== undefined) {
  mkdirSync(folder);
  copyFileSync(server, join(folder, program));
  chmodSync(join(folder, program), 0o755);
}
const platform = server === undefined ? [] : ['--target', target];
// The README that is shown has its pictures from the repository, in which this folder is not the root.
const folderUrl = (kind) => `https://github.com/tierline/tierline/${kind}/HEAD/editors/vscode`;
const links = ['--baseContentUrl', folderUrl('blob'), '--baseImagesUrl', folderUrl('raw')];
run(process.execPath, tool('@vscode', 'vsce', 'vsce'), 'package', ...platform, ...links, '--no-dependencies', '--out', out);
const size = (...paths) => `${(paths.reduce((sum, path) => sum + statSync(path).size, 0) / 1024).toFixed(0)} KiB`;
const bundle = ['extension.js', 'library.js'].map((name) => join(here, 'dist', name));
console.log(`${out}: ${size(out)}, the bundle in it ${size(...bundle)}`);
