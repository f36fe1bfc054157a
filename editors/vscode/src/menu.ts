/** The menu of the item in the status bar. */

import * as vscode from 'vscode';
import { dollars } from './money';
import type { Server } from './server/server';
import type { StatusBar } from './status';

interface Entry extends vscode.QuickPickItem {
  readonly run?: string;
}

/** Shows the menu and runs what is chosen. */
export async function showMenu(server: Server, status: StatusBar): Promise<void> {
  const chosen = await vscode.window.showQuickPick(entries(server, status), { title: title(server, status), placeHolder: 'What would you like to do?' });
  if (chosen?.run !== undefined) {
    await vscode.commands.executeCommand(chosen.run);
  }
}

function title(server: Server, status: StatusBar): string {
  const { files, symbols } = status.last;
  if (server.state !== 'running' || files === undefined) {
    return `Tierline: ${server.state === 'missing' ? 'no server' : server.state}`;
  }
  return `Tierline: ${files.toLocaleString('en')} files, ${(symbols ?? 0).toLocaleString('en')} symbols`;
}

function entries(server: Server, status: StatusBar): Entry[] {
  const separator = (label: string): Entry => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const hasModels = (status.last.tiers?.length ?? 0) > 0;
  const spent = status.last.cost?.today_micro_usd;
  const work: Entry[] = [
    { label: '$(search) Look Up…', description: 'ask where something is', run: 'tierline.lookUp' },
    { label: '$(references) Refactor…', description: 'change several files by one sentence', run: 'tierline.refactor' },
    { label: '$(discard) Undo Last Refactor', run: 'tierline.undo' },
    { label: '$(list-tree) Show Receipt', description: 'who did what in it, for how much', run: 'tierline.showReceipt' },
  ];
  const models: Entry[] = [
    {
      label: '$(graph) Cost Report',
      description: hasModels && typeof spent === 'number' ? `${dollars(spent)} today` : 'nothing is spent without a model',
      run: 'tierline.showReport',
    },
    { label: '$(key) Set API Key…', run: 'tierline.setApiKey' },
    { label: '$(settings-gear) Open Configuration', description: 'models and caps', run: 'tierline.openConfiguration' },
  ];
  const care: Entry[] = [
    { label: '$(pulse) Doctor', description: 'what is configured, what is wrong', run: 'tierline.doctor' },
    { label: '$(output) Show Log', run: 'tierline.showLog' },
    { label: '$(debug-restart) Restart Server', ...(server.isSafe ? { description: 'leaves safe mode' } : {}), run: 'tierline.restart' },
    { label: '$(book) Getting Started', run: 'tierline.openWalkthrough' },
  ];
  const works = server.state === 'running' || server.state === 'stopped';
  return [...(works ? [separator('Work'), ...work] : []), separator('Models'), ...models, separator('Server'), ...care];
}
