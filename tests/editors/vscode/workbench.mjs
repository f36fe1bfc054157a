// A real workbench of VS Code, as a user sees it: code-server's, in a browser. Each has a home, settings and a workspace of its own.
//
// Nothing here waits for time to pass where it can wait for something to be seen. What is checked is what stands on the screen, what
// is on disk, and what the recorder in front of the server wrote down.

import { execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PATIENCE_MS = 45_000;
const here = dirname(fileURLToPath(import.meta.url));
const run = promisify(execFile);

// What `run` hands over.
const { SESSION_WORKBENCH, SESSION_PLAYWRIGHT, SESSION_VSIX, SESSION_BINARY, SESSION_OUT, SESSION_HOME, SESSION_WORKSPACE } = process.env;
const { chromium } = await import(join(SESSION_PLAYWRIGHT, 'index.mjs'));

export const out = SESSION_OUT;
export const home = SESSION_HOME;
export const workspace = SESSION_WORKSPACE;
export const messages = join(out, 'messages.jsonl');
export const binary = SESSION_BINARY;

let passed = 0;
let failed = 0;
let begun = Date.now();

export function check(name, held, seen) {
  const took = Date.now() - begun;
  begun = Date.now();
  if (held) {
    passed += 1;
    console.log(`ok   ${name} (${(took / 1000).toFixed(1)} s)`);
  } else {
    failed += 1;
    console.log(`FAIL ${name}: ${typeof seen === 'string' ? seen : JSON.stringify(seen)}`);
  }
  return Boolean(held);
}

/** The first value that is not false, of a question asked again and again; what it was last once patience is at its end. */
export async function until(question, patience = PATIENCE_MS) {
  const end = Date.now() + patience;
  for (;;) {
    let value;
    try {
      value = await question();
    } catch {
      value = undefined;
    }
    if (value || Date.now() > end) {
      return value;
    }
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}

/** Every message that passed, in order. */
export function recorded() {
  if (!existsSync(messages)) {
    return [];
  }
  const lines = readFileSync(messages, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

/** How the workspace differs from what it should be, before or after the rename; nothing where it does not. */
export async function differing(when) {
  return (await run('python3', [join(here, '..', 'workspace.py'), 'differing', workspace, when])).stdout;
}

export async function writeWorkspace() {
  mkdirSync(workspace, { recursive: true });
  await run('python3', [join(here, '..', 'workspace.py'), 'write', workspace]);
}

const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'files.hotExit': 'off',
  'files.autoSave': 'off',
  'git.enabled': false,
  'remote.autoForwardPorts': false,
  'window.confirmBeforeClose': 'never',
  'editor.minimap.enabled': false,
};

export class Workbench {
  /**
   * Starts one with the extension in it.
   *
   * @param settings the user's settings; those of machine scope are read only from `machine`
   * @param trusts whether every folder is trusted, as with the feature switched off
   * @param path the PATH of the extension
   */
  static async start({ settings = {}, machine = {}, trusts = true, path = process.env.PATH, extension = SESSION_VSIX } = {}) {
    const workbench = new Workbench();
    workbench.data = join(home, 'data');
    workbench.settings = { ...quiet, ...settings };
    workbench.path = path;
    workbench.trusts = trusts;
    const extensions = join(home, 'extensions');
    mkdirSync(join(workbench.data, 'Machine'), { recursive: true });
    mkdirSync(join(workbench.data, 'User'), { recursive: true });
    mkdirSync(extensions, { recursive: true });
    workbench.configure({});
    writeFileSync(join(workbench.data, 'Machine', 'settings.json'), JSON.stringify(machine));
    writeFileSync(join(home, 'code-server.yaml'), 'auth: none\ncert: false\n');
    workbench.arguments = ['--config', join(home, 'code-server.yaml'), '--user-data-dir', workbench.data, '--extensions-dir', extensions];
    const installed = await run(SESSION_WORKBENCH, [...workbench.arguments, '--install-extension', extension]);
    check('the extension is installed', installed.stdout.includes('was successfully installed'), installed);
    record(extensions);
    await workbench.serve();
    return workbench;
  }

  async serve() {
    this.port = await freePort();
    const flags = ['--auth', 'none', '--bind-addr', `127.0.0.1:${this.port}`, '--disable-telemetry', '--disable-update-check', '--disable-proxy',
      '--ignore-last-opened', '--disable-getting-started-override', '--reconnection-grace-time', '5',
      ...(this.trusts ? ['--disable-workspace-trust'] : [])];
    const env = { ...process.env, PATH: this.path };
    this.server = spawn(SESSION_WORKBENCH, [...this.arguments, ...flags], { env, stdio: 'ignore' });
    await until(async () => (await fetch(`http://127.0.0.1:${this.port}/healthz`)).ok);
    this.browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--force-color-profile=srgb'],
    });
    const context = await this.browser.newContext({ viewport: { width: 1200, height: 760 } });
    this.page = await context.newPage();
    // Nothing outside of this machine.
    await this.page.route('**/*', (route) => (new URL(route.request().url()).hostname === '127.0.0.1' ? route.continue() : route.abort()));
    await this.page.goto(`http://127.0.0.1:${this.port}/?folder=${encodeURIComponent(workspace)}`, { waitUntil: 'commit', timeout: 120_000 });
    await this.page.waitForSelector('.explorer-folders-view .monaco-list-row', { timeout: 120_000 });
  }

  /** Writes settings, which the workbench takes on while it runs. */
  configure(settings) {
    this.settings = { ...this.settings, ...settings };
    writeFileSync(join(this.data, 'User', 'settings.json'), JSON.stringify(this.settings, null, 2));
  }

  async finish() {
    await this.browser?.close();
    this.server?.kill();
    console.log(`     ${passed} passed, ${failed} failed`);
    process.exit(failed === 0 ? 0 : 1);
  }

  /** Keeps a picture of the screen, or of a part of it. */
  async picture(name, clip) {
    await this.page.screenshot({ path: join(out, `${name}.png`), ...(clip ? { clip } : {}) });
  }

  /** Opens quick input by a key, writes into it and takes the first row that says `wanted`. It may close while focus still moves. */
  async pick(key, text, wanted) {
    const { page } = this;
    for (let attempt = 0; attempt < 8; attempt += 1) {
      try {
        await page.keyboard.press(key);
        const input = page.locator('.quick-input-widget:visible input');
        await input.waitFor({ timeout: 3000 });
        await write(input, text);
        const row = page.locator('.quick-input-list .monaco-list-row').first();
        if (await until(async () => (await row.innerText({ timeout: 1000 })).includes(wanted), 6000)) {
          await input.press('Enter', { timeout: 3000 });
          return true;
        }
      } catch {
        // Not there, or there no longer.
      }
      await page.keyboard.press('Escape');
    }
    return false;
  }

  /** Runs a command from the palette, by its title. */
  async command(title) {
    return (await this.pick('F1', `>${title}`, title)) || check(`the command “${title}” is in the palette`, false, await this.rows());
  }

  async open(path) {
    const name = path.split('/').at(-1);
    await this.pick('Control+p', path, name);
    await this.shows(name);
    await this.page.waitForSelector('.editor-instance .view-line');
  }

  /** Whether the tab of a file comes to the front. */
  shows(name) {
    return until(() => this.page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`).count());
  }

  async goTo(line, column) {
    const there = async () => (await this.page.locator('.statusbar-item', { hasText: `Ln ${line}, Col ${column}` }).count()) > 0;
    // Keys are lost while the focus moves back from another input.
    for (let turn = 0; turn < 4; turn += 1) {
      await this.pick('Control+g', `:${line}:${column}`, `${line}`);
      if (await until(there, 3000)) return;
    }
  }

  async text() {
    const lines = await this.page.locator('.editor-instance .view-line').allInnerTexts();
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  /** The text of the hover that appears at a word of the editor, once `wanted` is in it. */
  async hover(word, nth, wanted) {
    const { page } = this;
    const span = page.locator('.editor-instance .view-line span span', { hasText: new RegExp(`^\\s*${word}\\s*$`) }).nth(nth);
    const box = await span.boundingBox();
    let text = '';
    await until(async () => {
      await page.mouse.move(box.x + box.width / 2, box.y - 300);
      await page.keyboard.press('Escape');
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.move(box.x + box.width / 2 + 2, box.y + box.height / 2);
      const seen = await until(async () => {
        text = (await page.locator('.monaco-hover:visible').allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
        return text.includes(wanted);
      }, 7000);
      return seen;
    });
    return text;
  }

  async leaveHover() {
    await this.page.mouse.move(900, 640);
    await this.page.keyboard.press('Escape');
  }

  /** The entries of the menu of code actions that a command opens, once it is open. */
  async actions(title) {
    const rows = this.page.locator('.action-widget .monaco-list-row.action');
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await this.command(title);
      if (await until(() => rows.count(), 5000)) {
        break;
      }
      await this.page.keyboard.press('Escape');
    }
    return (await rows.allInnerTexts()).map((row) => row.trim());
  }

  async take(entry) {
    await this.page.locator('.action-widget .monaco-list-row.action', { hasText: entry }).first().click();
  }

  async rows() {
    return (await this.page.locator('.quick-input-list .monaco-list-row').allInnerTexts()).map((row) => row.replace(/\s+/g, ' ').trim());
  }

  /** The text of a notification that has this in it. */
  async notification(part, patience) {
    const all = this.page.locator('.notifications-toasts .notification-list-item, .notifications-center .notification-list-item');
    return until(async () => (await all.allInnerTexts()).find((text) => text.includes(part)), patience);
  }

  async press(button) {
    await this.page.locator('.notification-list-item .monaco-button', { hasText: button }).first().click();
  }

  async status() {
    return (await this.page.locator('.statusbar-item', { hasText: 'Tierline' }).first().getAttribute('aria-label')) ?? '';
  }

  /** Types into the quick input that a command opens: not into the palette, which closes meanwhile, nor before it has its first value. */
  async type(text) {
    const input = this.page.locator('.quick-input-widget:visible input').first();
    await until(async () => {
      if ((await input.inputValue({ timeout: 1000 })).startsWith('>')) {
        return false;
      }
      await write(input, text);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return (await input.inputValue({ timeout: 1000 })) === text;
    });
  }

  /** Types into quick input and takes it. */
  async enter(text) {
    await this.type(text);
    await this.page.locator('.quick-input-widget:visible input').first().press('Enter', { timeout: 3000 });
  }
}

/** Writes into an input and into nothing else: keys would go to an editor that takes the focus meanwhile. */
function write(input, text) {
  const change = (element, value) => {
    element.focus();
    element.value = value;
    element.dispatchEvent(new Event('input', { bubbles: true }));
  };
  return input.evaluate(change, text, { timeout: 3000 });
}

/** Puts the recorder in front of the server that the extension brings; the extension itself knows nothing of it. */
function record(extensions) {
  const folder = readdirSync(extensions).find((name) => name.startsWith('tierline.tierline'));
  const server = join(extensions, folder, 'server', 'tierline');
  if (existsSync(server)) {
    renameSync(server, `${server}-itself`);
    writeRecorder(server, `${server}-itself`);
  }
}

/** A program that records what passes, and is otherwise the server. */
export function writeRecorder(path, server) {
  rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  const recorder = join(here, '..', 'record.py');
  writeFileSync(path, `#!/bin/sh
case " $* " in *" lsp "*) echo "$*" >>"${out}/arguments.txt"; exec python3 "${recorder}" "${messages}" "${server}" "$@";; esac
exec "${server}" "$@"
`);
  chmodSync(path, 0o755);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
