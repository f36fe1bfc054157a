/** Documents of Tierline's own: what the doctor says, and explanations, which are shown as the Markdown that they are. */

import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import type { Keys } from './keys';
import { command as known } from './server/protocol';
import type { Server } from './server/server';

const SCHEME = 'tierline';
const DOCTOR = vscode.Uri.from({ scheme: SCHEME, path: '/Tierline Doctor.txt' });

/** What the doctor says, as a document that cannot be changed. */
export class Doctor implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.emitter.event;
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  constructor(
    private readonly server: Server,
    private readonly keys: Keys,
    private readonly version: string,
  ) {}

  async show(): Promise<void> {
    this.emitter.fire(DOCTOR);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(DOCTOR), { preview: true });
  }

  async provideTextDocumentContent(): Promise<string> {
    const { server } = this;
    const keys = this.keys.variables();
    const said = await server.run(['doctor']).catch((error: unknown) => `the server's own doctor does not run: ${String(error)}\n`);
    const own: [string, string][] = [
      ['extension', this.version],
      ['editor', `${vscode.env.appName} ${vscode.version}`],
      ['server', server.binary === undefined ? 'none found' : `${server.binary.path} (${server.binary.from})`],
      ['state', server.isSafe ? `${server.state}, in safe mode` : server.state],
      ['models', server.isOffline ? 'out of reach: offline, safe mode or restricted mode' : 'as configured'],
      ['keys', keys.length === 0 ? 'none in the secret store' : `${keys.join(', ')} (in the secret store)`],
    ];
    return `${said.trimEnd()}\n\neditor\n${own.map(([name, value]) => `  ${name.padEnd(14)} ${value}`).join('\n')}\n`;
  }

  dispose(): void {
    vscode.Disposable.from(this.registration, this.emitter).dispose();
  }
}

/**
 * Shows the Markdown that the server wrote for the user beside the code, as people read it; a plan so that it stays open while its user
 * looks at code; everything else as usual.
 */
export const showDocument: NonNullable<NonNullable<Middleware['window']>['showDocument']> = async (params, token, next) => {
  if (params.external !== true && params.selection === undefined && params.uri.endsWith('.md') && /\/tierline\/documents\//.test(params.uri)) {
    try {
      await vscode.commands.executeCommand('markdown.showPreviewToSide', vscode.Uri.parse(params.uri));
      return { success: true };
    } catch {
      // The extension that shows Markdown can be switched off; its text can be read all the same.
    }
  }
  if (/\/tierline\/plans\/[^/]+\/[^/]+\.md$/.test(params.uri)) {
    await vscode.window.showTextDocument(vscode.Uri.parse(params.uri), { preview: false });
    return { success: true };
  }
  return next(params, token);
};

/**
 * Asks for the words that an action of the menu needs; without them the server would put a comment to write them in. A plan is saved
 * before anything is done with it, so that nobody is asked whether to when it is done with.
 */
export const executeCommand: NonNullable<Middleware['executeCommand']> = async (command, args, next) => {
  if (command === known.plan) {
    const [{ uri } = { uri: '' }] = args as [{ uri: string }?];
    const plan = vscode.Uri.parse(uri).toString();
    await vscode.workspace.textDocuments.find((document) => document.uri.toString() === plan)?.save();
    return next(command, args);
  }
  const title = NEEDS_WORDS[command];
  const [argument] = args as [({ instruction?: string } & object)?];
  if (title === undefined || argument === undefined || argument.instruction !== undefined) {
    return next(command, args);
  }
  const instruction = (await vscode.window.showInputBox({ title, prompt: 'What is to be done?', ignoreFocusOut: true }))?.trim();
  return instruction ? next(command, [{ ...argument, instruction }]) : undefined;
};

const NEEDS_WORDS: Readonly<Record<string, string>> = {
  'tierline.server.rewrite': 'Tierline: Rewrite Selection',
  'tierline.server.refactor': 'Tierline: Refactor across Files',
};
