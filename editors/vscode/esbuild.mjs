// Bundles the extension, or its tests with --test, into dist/.
import { build } from 'esbuild';
import { readdir } from 'node:fs/promises';

const isTest = process.argv.includes('--test');
const tests = async () => (await readdir('src/test')).map((name) => `src/test/${name}`);

// What is loaded by itself stays a file of its own.
const apart = {
  name: 'apart',
  setup: ({ onResolve }) => onResolve({ filter: /^\.\/library$/ }, () => ({ path: './library.js', external: true })),
};

await build({
  entryPoints: isTest ? await tests() : ['src/extension.ts', 'src/server/library.ts'],
  entryNames: '[name]',
  plugins: [apart],
  outdir: isTest ? 'dist/test' : 'dist',
  bundle: true,
  minify: !isTest,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  // The editor hands itself to `require` alone.
  supported: { 'dynamic-import': false },
  mainFields: ['module', 'main'],
  legalComments: 'none',
  logLevel: 'warning',
});
