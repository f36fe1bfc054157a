/** The documents that the server understands. `tierline languages` lists them. */

import type { TextDocumentFilter } from 'vscode-languageclient/node';

const IDS = [
  'c',
  'cpp',
  'csharp',
  'dart',
  'elixir',
  'go',
  'haskell',
  'java',
  'javascript',
  'javascriptreact',
  'julia',
  'kotlin',
  'lua',
  'ocaml',
  'php',
  'python',
  'r',
  'ruby',
  'rust',
  'scala',
  'shellscript',
  'swift',
  'typescript',
  'typescriptreact',
  'zig',
];

/** The editor knows these languages only by other extensions, which need not be there: so by the endings of their files. */
const ENDINGS = ['ex', 'exs', 'hs', 'jl', 'kt', 'kts', 'ml', 'mli', 'scala', 'swift', 'zig'];

/** Where the server keeps plans that wait to be read, ticked and carried out. */
export const PLANS = '**/tierline/plans/*/*.md';

/** What the server is asked about: files, because what is not one has no place in a workspace. */
export const selector: TextDocumentFilter[] = [
  ...IDS.map((language) => ({ scheme: 'file', language })),
  { scheme: 'file', pattern: `**/*.{${ENDINGS.join(',')}}` },
  // For what is wrong in them.
  { scheme: 'file', pattern: '**/tierline{,.local}.toml' },
  { scheme: 'file', pattern: '**/tierline/config.toml' },
  { scheme: 'file', pattern: PLANS },
];
