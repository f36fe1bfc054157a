/**
 * Lenses over the steps of a plan document: one click ticks a step, applies what is ticked, or has a step planned anew. They send the
 * command that the menu of code actions sends, and the server does the work.
 */

import * as vscode from 'vscode';
import { PLANS } from '../languages';
import { command } from '../server/protocol';
import type { Server } from '../server/server';
import { type Step, steps, TICK } from './steps';

const TOGGLE = 'tierline.plan.toggleStep';
export class PlanLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];
  private readonly watchers = new Map<string, vscode.FileSystemWatcher>();

  constructor(private readonly server: Server) {
    this.subscriptions = [
      vscode.languages.registerCodeLensProvider({ scheme: 'file', pattern: PLANS }, this),
      vscode.commands.registerCommand(TOGGLE, toggle),
      vscode.workspace.onDidOpenTextDocument((document) => this.watch(document)),
    ];
    vscode.workspace.textDocuments.forEach((document) => this.watch(document));
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (this.server.state !== 'running') {
      return [];
    }
    const found = steps(document.getText());
    const uri = this.server.uri(document.uri);
    const lens = (line: number, title: string, id: string, ...args: unknown[]) =>
      new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { title, command: id, arguments: args });
    const plan = (line: number, title: string, verb: string, step?: Step) =>
      lens(line, title, command.plan, { v: 1, uri, do: verb, ...(step === undefined ? {} : { step: step.id }) });
    const ofStep = (step: Step) => [
      lens(step.line, step.isTicked ? 'Leave out' : 'Tick', TOGGLE, document.uri, step.id),
      plan(step.line, 'Plan anew', 'again', step),
      ...(step.isByMini ? [plan(step.line, 'Have the flagship do it', 'raise', step)] : []),
    ];
    const ticked = found.filter((step) => step.isTicked).length;
    return [
      plan(0, `Apply the ticked steps (${ticked} of ${found.length})`, 'apply'),
      plan(0, 'Discard this plan', 'discard'),
      ...found.flatMap(ofStep),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, ...this.watchers.values()).dispose();
  }

  /** A plan that is done with is deleted by the server; its tab goes too. */
  private watch(document: vscode.TextDocument): void {
    const folder = vscode.Uri.joinPath(document.uri, '..');
    if (this.watchers.has(folder.toString()) || vscode.languages.match({ scheme: 'file', pattern: PLANS }, document) === 0) {
      return;
    }
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '*.md'), true, true);
    watcher.onDidDelete((gone) => vscode.window.tabGroups.close(tabsOf(gone)));
    this.watchers.set(folder.toString(), watcher);
  }
}

/** The tabs of a document that would not ask whether to save it. */
function tabsOf(uri: vscode.Uri): vscode.Tab[] {
  const shows = ({ input, isDirty }: vscode.Tab) => !isDirty && input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs.filter(shows));
}

async function toggle(uri: vscode.Uri, id: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  // The plan may have been edited since the lens was drawn.
  const step = steps(document.getText()).find((step) => step.id === id);
  if (step !== undefined) {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uri, new vscode.Range(step.line, TICK, step.line, TICK + 1), step.isTicked ? ' ' : 'x');
    await vscode.workspace.applyEdit(edit);
  }
}
