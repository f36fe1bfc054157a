/** Finding the server's program: the one that the user names, else the one in this extension, else the one on the PATH. */

import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

const PATIENCE_MS = 10_000;
const NAME = process.platform === 'win32' ? 'tierline.exe' : 'tierline';

/** A program that was run once and said its version. */
export interface Binary {
  readonly path: string;
  readonly from: 'setting' | 'bundle' | 'PATH';
  /** As it says it: `tierline 0.1.0`. */
  readonly version: string;
}

/** No program could be found or run. The message says which were tried and why each did not do. */
export class NoBinary extends Error {
  constructor(
    message: string,
    /** Whether a setting names the program, so that the setting is what has to be mended. */
    readonly isConfigured: boolean,
  ) {
    super(message);
  }
}

/**
 * The server's program. What a setting names is taken or refused, never passed over: a user who named one wants that one.
 *
 * @param setting the path in `tierline.server.path`, empty for none
 * @param extension the folder of this extension
 * @throws NoBinary where there is none that runs
 */
export async function findBinary(setting: string, extension: string, env = process.env): Promise<Binary> {
  if (setting !== '') {
    const path = expanded(setting);
    try {
      return { path, from: 'setting', version: await version(path) };
    } catch (error) {
      throw new NoBinary(`The setting tierline.server.path names ${path}, which ${reason(error)}.`, true);
    }
  }
  const bundled = join(extension, 'server', NAME);
  const faults: string[] = [];
  for (const [path, from] of [[bundled, 'bundle'] as const, ...onPath(env).map((path) => [path, 'PATH'] as const)]) {
    if (!(await isThere(path))) {
      continue;
    }
    try {
      return { path, from, version: await version(path) };
    } catch (error) {
      faults.push(`${path} ${reason(error)}`);
    }
  }
  const tried = faults.length > 0 ? ` Tried: ${faults.join('; ')}.` : '';
  throw new NoBinary(`This build of the extension brings no server for your platform, and there is no ${NAME} on the PATH.${tried}`, false);
}

/** Where programs are looked for. Cargo's folder is often missing from the PATH of an editor that was not started by a shell. */
function onPath(env: NodeJS.ProcessEnv): string[] {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return [...new Set([...folders, join(homedir(), '.cargo', 'bin')])].map((folder) => join(folder, NAME));
}

function expanded(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path.replace(/^\$\{userHome\}/, homedir());
}

async function isThere(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

async function version(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: PATIENCE_MS, windowsHide: true });
  const said = stdout.trim();
  if (!said.startsWith('tierline ')) {
    throw new Error('is not Tierline: it calls itself something else');
  }
  return said;
}

function reason(error: unknown): string {
  const { code, stderr, message } = error as { code?: unknown; stderr?: string; message?: string };
  switch (code) {
    case 'ENOENT':
      return 'does not exist';
    case 'EACCES':
      return 'may not be executed';
    default:
      return message?.startsWith('is ') ? message : `does not run: ${(stderr?.trim() || message) ?? String(error)}`;
  }
}
