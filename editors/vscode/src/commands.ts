/** The commands of the palette. Each is thin: the server does the work, and says what came of it. */

import * as vscode from 'vscode';
import type { Doctor } from './documents';
import { type Keys, mayHold, providers } from './keys';
import { lookUp } from './lookup';
import { showMenu } from './menu';
import type { ReceiptView } from './receipt/view';
import type { ReportPanel } from './report/panel';
import { command } from './server/protocol';
import type { Server } from './server/server';
import { offerConfiguration, openConfiguration } from './setup';
import type { StatusBar } from './status';

export interface Parts {
  readonly context: vscode.ExtensionContext;
  readonly server: Server;
  readonly keys: Keys;
  readonly status: StatusBar;
  readonly report: ReportPanel;
  readonly receipt: ReceiptView;
  readonly doctor: Doctor;
}

/** Registers them all. */
export function registerCommands(parts: Parts): vscode.Disposable {
  const { context, server, keys, status, report, receipt, doctor } = parts;
  const commands: Record<string, () => unknown> = {
    'tierline.lookUp': () => withServer(server, () => lookUp(server, status)),
    'tierline.refactor': () => withServer(server, () => refactor(server)),
    'tierline.explain': () => atCursor(server, command.explain),
    'tierline.summarise': () => atCursor(server, command.summarise),
    'tierline.document': () => atCursor(server, command.document),
    'tierline.undo': () => withServer(server, () => server.execute(command.undo, folderOf(server))),
    'tierline.trust': () => withServer(server, () => server.execute(command.trust, folderOf(server))),
    'tierline.showReceipt': () => withServer(server, () => receipt.show()),
    'tierline.showReport': () => report.show(),
    'tierline.setApiKey': () => setApiKey(parts),
    'tierline.removeApiKey': () => removeApiKey(keys, server),
    'tierline.doctor': () => doctor.show(),
    'tierline.restart': () => server.restart(),
    'tierline.showLog': () => server.log.show(),
    'tierline.showMenu': () => showMenu(server, status),
    'tierline.openConfiguration': () => openConfiguration(server),
    'tierline.openWalkthrough': () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', `${context.extension.id}#start`, false),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, () => told(server, run))),
  );
}

/** Runs a command and says what went wrong, in the words of the server where it has some. */
async function told(server: Server, run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    server.log.error(message);
    void vscode.window.showErrorMessage(`Tierline: ${message}`);
  }
}

/** Starts the server first where it does not run. */
async function withServer<T>(server: Server, work: () => T): Promise<T | undefined> {
  await server.start();
  // Where it cannot be started, that was said.
  return server.state === 'running' ? work() : undefined;
}

function atCursor(server: Server, id: string): Promise<unknown> {
  const editor = vscode.window.activeTextEditor;
  return withServer(server, async () => {
    if (!server.offers(id)) {
      throw new Error('this server does not offer that; a newer one does');
    }
    if (editor === undefined) {
      throw new Error('put the cursor on a symbol first');
    }
    const { line, character } = editor.selection.active;
    await server.execute(id, { uri: server.uri(editor.document.uri), position: { line, character } });
  });
}

function folderOf(server: Server): { uri?: string } {
  const document = vscode.window.activeTextEditor?.document;
  return document?.uri.scheme === 'file' ? { uri: server.uri(document.uri) } : {};
}

async function refactor(server: Server): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const range = editor?.document.getWordRangeAtPosition(editor.selection.active);
  const word = range === undefined ? undefined : editor?.document.getText(range);
  const instruction = await vscode.window.showInputBox({
    title: 'Tierline: Refactor',
    prompt: 'A rename needs no model and costs nothing. Anything else is planned by the flagship and carried out by mini; every edit is checked before you see it.',
    placeHolder: `rename ${word ?? 'Store'} to …`,
    ignoreFocusOut: true,
    validateInput: (text) => (text.includes('\n') ? 'one line, please' : undefined),
  });
  if (instruction !== undefined && instruction.trim() !== '') {
    await server.execute(command.refactor, { instruction: instruction.trim(), ...folderOf(server) });
  }
}

async function setApiKey({ keys, server }: Parts): Promise<void> {
  const known = new Set(keys.variables());
  const items = [
    ...providers.map((provider) => ({
      label: provider.label,
      description: provider.variable,
      variable: provider.variable as string | undefined,
      ...(known.has(provider.variable) ? { detail: '$(check) a key is set' } : {}),
    })),
    { label: 'Another server…', description: 'by the name of the variable that your configuration names', variable: undefined },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: 'Tierline: Set API Key (1/2)', placeHolder: 'Whose key is it?', ignoreFocusOut: true });
  const variable = chosen === undefined ? undefined : (chosen.variable ?? (await askVariable()));
  if (variable === undefined) {
    return;
  }
  const key = await vscode.window.showInputBox({
    title: 'Tierline: Set API Key (2/2)',
    prompt: `The key for ${variable}. It goes to the editor's secret store and to the server's environment, and nowhere else.`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (/\s/.test(text.trim()) ? 'A key has no blanks in it.' : undefined),
  });
  if (key === undefined || key.trim() === '') {
    return;
  }
  await keys.set(variable, key.trim());
  await server.restart();
  await offerConfiguration(server, providers.find((provider) => provider.variable === variable)?.name);
}

function askVariable(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: 'Tierline: Set API Key (1/2)',
    prompt: 'The variable that `key_env` names in your configuration',
    placeHolder: 'EXAMPLE_API_KEY',
    ignoreFocusOut: true,
    validateInput: (text) => (text === '' || mayHold(text) ? undefined : 'Capital letters, digits and _, ending in KEY or TOKEN.'),
  });
}

async function removeApiKey(keys: Keys, server: Server): Promise<void> {
  const variables = keys.variables();
  if (variables.length === 0) {
    void vscode.window.showInformationMessage('Tierline: no key is in the secret store.');
    return;
  }
  const variable = await vscode.window.showQuickPick(variables, { title: 'Tierline: Remove API Key', placeHolder: 'Which key is to be forgotten?' });
  if (variable !== undefined) {
    await keys.remove(variable);
    await server.restart();
    void vscode.window.showInformationMessage(`Tierline: the key for ${variable} is forgotten.`);
  }
}
