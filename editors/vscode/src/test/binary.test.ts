import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findBinary, NoBinary } from '../server/binary';

async function program(folder: string, says: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'tierline');
  await writeFile(path, `#!/bin/sh\n${says}\n`);
  await chmod(path, 0o755);
  return path;
}

test('the setting goes before the bundle, the bundle before the PATH', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tierline-'));
  const extension = join(folder, 'extension');
  const env = { PATH: join(folder, 'path') };
  await program(join(folder, 'path'), 'echo tierline 1.0.0');
  assert.deepEqual((await findBinary('', extension, env)).from, 'PATH');
  await program(join(extension, 'server'), 'echo tierline 2.0.0');
  assert.deepEqual((await findBinary('', extension, env)).version, 'tierline 2.0.0');
  const named = await program(join(folder, 'named'), 'echo tierline 3.0.0');
  assert.deepEqual((await findBinary(named, extension, env)).from, 'setting');
});

test('a program that is named and does not run is an error, though another would do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tierline-'));
  await program(join(folder, 'server'), 'echo tierline 2.0.0');
  const other = await program(join(folder, 'other'), 'echo something else');
  const faults: [string, RegExp][] = [
    [join(folder, 'none'), /does not exist/],
    [other, /is not Tierline/],
    [await program(join(folder, 'ends'), 'echo no library >&2; exit 1'), /does not run: no library/],
  ];
  for (const [path, message] of faults) {
    await assert.rejects(findBinary(path, folder, {}), (error: unknown) => error instanceof NoBinary && error.isConfigured && message.test(error.message));
  }
});

test('without any program the message says where it was looked for', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tierline-'));
  await program(join(folder, 'path'), 'exit 3');
  const found = findBinary('', folder, { PATH: join(folder, 'path') });
  await assert.rejects(found, (error: unknown) => error instanceof NoBinary && !error.isConfigured && error.message.includes(join(folder, 'path')));
});
