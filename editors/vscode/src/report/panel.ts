/** The report in a tab of the editor. */

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Server } from '../server/server';
import type { Ledger } from './ledger';
import { page } from './page';

export class ReportPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;

  constructor(
    private readonly server: Server,
    private readonly extension: vscode.Uri,
  ) {}

  /** Shows the report, or brings the one that is open to the front with what has come since. */
  async show(): Promise<void> {
    const ledger = JSON.parse(await this.server.run(['report', '--json'])) as Ledger;
    if (this.panel === undefined) {
      this.panel = vscode.window.createWebviewPanel('tierline.report', 'Tierline: Cost', vscode.ViewColumn.Active, {
        enableScripts: false,
        localResourceRoots: [],
      });
      this.panel.iconPath = vscode.Uri.joinPath(this.extension, 'media', 'icon.svg');
      this.panel.onDidDispose(() => (this.panel = undefined));
    } else {
      this.panel.reveal();
    }
    this.panel.webview.html = page(ledger, Date.now(), randomBytes(16).toString('base64'));
  }

  dispose(): void {
    this.panel?.dispose();
  }
}
