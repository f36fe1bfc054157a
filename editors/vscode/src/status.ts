/** The item in the status bar: whether Tierline is ready, what it cost today, and a menu. */

import * as vscode from 'vscode';
import { dollars } from './money';
import type { Status } from './server/protocol';
import type { Server } from './server/server';

export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('tierline', vscode.StatusBarAlignment.Right, 90);
  private status: Status = {};
  private readonly subscriptions: vscode.Disposable[] = [];

  constructor(private readonly server: Server) {
    this.item.name = 'Tierline';
    this.item.command = 'tierline.showMenu';
    this.subscriptions.push(
      server.onDidChange(() => {
        if (server.state !== 'running') {
          this.status = {};
        }
        this.render();
      }),
      server.onStatus((status) => {
        this.status = status;
        this.render();
      }),
      server.jobs.onDidChange(() => this.render()),
    );
    this.render();
    this.item.show();
  }

  /** What the server last said of itself. */
  get last(): Status {
    return this.status;
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, this.item).dispose();
  }

  private get hasModels(): boolean {
    return (this.status.tiers?.length ?? 0) > 0;
  }

  private render(): void {
    const [text, words, isFault] = this.said();
    this.item.text = text;
    this.item.tooltip = this.tooltip(words);
    this.item.accessibilityInformation = { label: `Tierline: ${words}`, role: 'button' };
    this.item.backgroundColor = isFault ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
  }

  /** The text, the same in words, and whether it is something to mend. */
  private said(): [text: string, words: string, isFault: boolean] {
    switch (this.server.state) {
      case 'missing':
        return ['$(warning) Tierline', 'there is no server to run', true];
      case 'failed':
        return ['$(warning) Tierline', 'the server keeps ending', true];
      case 'stopped':
        return ['$(circle-slash) Tierline', 'stopped', false];
      case 'starting':
        return ['$(loading~spin) Tierline', 'starting', false];
      case 'running':
        break;
    }
    const spent = this.status.cost?.today_micro_usd;
    const cost = this.hasModels && typeof spent === 'number' ? ` ${dollars(spent)}` : '';
    if (this.server.isSafe) {
      return ['$(shield) Tierline', 'safe mode: no models, no index on disk', true];
    }
    if (this.status.indexing === true) {
      const { done, total } = this.status.progress ?? {};
      return [`$(loading~spin) Tierline${cost}`, done === undefined ? 'indexing' : `indexing ${done} of ${total} files`, false];
    }
    if (this.server.jobs.running > 0) {
      return [`$(loading~spin) Tierline${cost}`, 'working', false];
    }
    return [`$(layers) Tierline${cost}`, this.readyWords(), false];
  }

  private readyWords(): string {
    if (!vscode.workspace.isTrusted) {
      return 'ready; restricted mode, so no model is asked';
    }
    if (this.server.isOffline) {
      return 'ready; offline, so no model is asked';
    }
    return this.hasModels ? 'ready' : 'ready; the index answers alone';
  }

  private tooltip(words: string): vscode.MarkdownString {
    const lines = [`**Tierline**: ${words}`];
    if (this.server.state === 'running' && this.status.files !== undefined) {
      lines.push(`${this.status.files.toLocaleString('en')} files, ${(this.status.symbols ?? 0).toLocaleString('en')} symbols`);
    }
    if (this.server.state === 'running' && this.hasModels) {
      const models = this.status.models ?? [];
      lines.push(models.map(({ tier, model, host }) => `${tier}: ${model} at ${host}`).join('\n\n'));
      const { today_micro_usd: spent, per_day_micro_usd: cap } = this.status.cost ?? {};
      if (typeof spent === 'number') {
        lines.push(`Today: ${dollars(spent)}${cap === undefined ? '' : ` of at most ${dollars(cap)}`}`);
      }
    }
    // The names of models and hosts are the user's own, but plain text they stay.
    return new vscode.MarkdownString().appendMarkdown(lines[0] ?? '').appendText(`\n${lines.slice(1).join('\n')}`);
  }
}
