/** Long jobs as notifications that can be called off. The language client alone would show them in the status bar only. */

import * as vscode from 'vscode';
import type { BaseLanguageClient, ProgressToken, WorkDoneProgressBegin, WorkDoneProgressEnd, WorkDoneProgressReport } from 'vscode-languageclient/node';

type Value = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

interface Shown {
  readonly progress: vscode.Progress<{ message?: string; increment?: number }>;
  readonly end: () => void;
  percentage: number;
}

export class Jobs implements vscode.Disposable {
  private readonly shown = new Map<ProgressToken, Shown>();
  private readonly emitter = new vscode.EventEmitter<void>();
  /** A job began or ended. */
  readonly onDidChange = this.emitter.event;

  constructor(private readonly client: () => BaseLanguageClient | undefined) {}

  /** How many jobs are running. */
  get running(): number {
    return this.shown.size;
  }

  /** Takes what the server says of a job; `next` shows it in the status bar, which is the place of what nobody waits for. */
  handle(token: ProgressToken, value: Value, next: () => void): void {
    if (value.kind === 'begin' && value.cancellable === true) {
      this.begin(token, value);
      return;
    }
    const shown = this.shown.get(token);
    if (shown === undefined) {
      next();
    } else if (value.kind === 'report') {
      const increment = Math.max(0, (value.percentage ?? 0) - shown.percentage);
      shown.percentage += increment;
      shown.progress.report({ ...(value.message === undefined ? {} : { message: value.message }), increment });
    } else if (value.kind === 'end') {
      shown.end();
      // The language client takes its own part away.
      next();
    }
  }

  /** Ends every notification: the server that would have ended them is gone. */
  clear(): void {
    for (const shown of [...this.shown.values()]) {
      shown.end();
    }
  }

  dispose(): void {
    this.clear();
    this.emitter.dispose();
  }

  private begin(token: ProgressToken, value: WorkDoneProgressBegin): void {
    const options = { location: vscode.ProgressLocation.Notification, cancellable: true, title: `Tierline: ${value.title}` };
    void vscode.window.withProgress(options, (progress, cancelled) => {
      cancelled.onCancellationRequested(() => {
        void this.client()?.sendNotification('window/workDoneProgress/cancel', { token });
      });
      return new Promise<void>((resolve) => {
        const end = () => {
          this.shown.delete(token);
          resolve();
          this.emitter.fire();
        };
        this.shown.set(token, { progress, end, percentage: 0 });
        progress.report({ ...(value.message === undefined ? {} : { message: value.message }), increment: 0 });
        this.emitter.fire();
      });
    });
  }
}
