/** The receipt of the last edit, as a tree in the panel: there since there was an edit, with something in it while that can be undone. */

import * as vscode from 'vscode';
import type { Status } from '../server/protocol';
import type { Server } from '../server/server';
import { type Receipt, type Row, rows, summary } from './rows';

const VIEW = 'tierline.receipt';
const LOOK_MS = 200;

export class ReceiptView implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.emitter.event;
  private readonly tree = vscode.window.createTreeView(VIEW, { treeDataProvider: this });
  private readonly subscriptions: vscode.Disposable[];
  private receipt: Receipt | undefined;

  constructor(private readonly server: Server) {
    this.subscriptions = [
      server.onDidApplyEdit(() => void this.afterJob()),
      server.onDidChange(() => {
        if (server.state === 'running') {
          void this.load();
        }
      }),
    ];
  }

  /** Brings it to the front, where there is one. */
  async show(): Promise<void> {
    await this.load();
    if (this.receipt === undefined) {
      void vscode.window.showInformationMessage('Tierline: there is no edit that could be undone, and so no receipt.');
      return;
    }
    await vscode.commands.executeCommand(`${VIEW}.focus`);
  }

  getChildren(row?: Row): Row[] {
    if (row !== undefined) {
      return [...(row.children ?? [])];
    }
    return this.receipt === undefined ? [] : rows(this.receipt);
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(row.label, row.children === undefined ? None : row.isOpen === true ? Expanded : Collapsed);
    item.iconPath = new vscode.ThemeIcon(row.icon);
    item.tooltip = row.description === undefined ? row.label : `${row.label}\n${row.description}`;
    if (row.description !== undefined) {
      item.description = row.description;
    }
    return item;
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, this.tree, this.emitter).dispose();
  }

  /** The journal has an edit once the job that made it has read it back. */
  private async afterJob(): Promise<void> {
    for (;;) {
      const status = await this.server.request<Status>('tierline/status', {}).catch(() => undefined);
      if (status === undefined || (status.jobs ?? 0) === 0) {
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    await this.load();
  }

  private async load(): Promise<void> {
    // Without a receipt the program says so and fails.
    const printed = await this.server.run(['receipt', '--json']).catch(() => undefined);
    this.receipt = printed === undefined ? undefined : (JSON.parse(printed) as Receipt);
    this.tree.message = this.receipt === undefined ? 'There is no edit that could be undone.' : summary(this.receipt);
    if (this.receipt !== undefined) {
      // Never taken back: in place of a view that goes the editor would open another, a terminal perhaps.
      await vscode.commands.executeCommand('setContext', 'tierline.hadReceipt', true);
    }
    this.emitter.fire();
  }
}
