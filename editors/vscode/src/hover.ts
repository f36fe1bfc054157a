/**
 * Hovers that fill in. The server's own hover is shown at once, as by any editor; where a summary is being made for it, a second
 * provider waits for that and adds what is new, because the editor shows each provider's part when it arrives.
 */

import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import { addition } from './addition';
import { selector } from './languages';
import type { Summary } from './server/protocol';
import type { Server } from './server/server';

/** The editor asks both providers of a hover within this time. */
const SAME_HOVER_MS = 500;

/** The hover that was asked for last, which the summary is added to. */
interface Asked {
  readonly time: number;
  readonly uri: string;
  readonly position: vscode.Position;
  readonly version: number;
  readonly hover: Promise<vscode.Hover | null | undefined>;
}

export class SummaryHover implements vscode.HoverProvider, vscode.Disposable {
  private asked: Asked | undefined;
  private waiting: ((asked: Asked) => void) | undefined;
  private registration: vscode.Disposable | undefined;
  private server: Server | undefined;

  /** Remembers what the plain hover says. */
  readonly provideHoverByServer: NonNullable<Middleware['provideHover']> = (document, position, token, next) => {
    const hover = Promise.resolve(next(document, position, token));
    this.asked = { time: Date.now(), uri: document.uri.toString(), position, version: document.version, hover };
    this.waiting?.(this.asked);
    return hover;
  };

  /** Offers itself as long as the server knows how to wait for a summary. */
  follow(server: Server): vscode.Disposable {
    this.server = server;
    return server.onDidChange(() => {
      const isWanted = server.state === 'running' && server.knows('summary');
      if (isWanted && this.registration === undefined) {
        this.registration = vscode.languages.registerHoverProvider(selector as vscode.DocumentFilter[], this);
      } else if (!isWanted) {
        this.registration?.dispose();
        this.registration = undefined;
      }
    });
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position, token: vscode.CancellationToken): Promise<vscode.Hover | undefined> {
    const { server } = this;
    const plain = await this.plain(document, position, token);
    if (server === undefined || plain === undefined || token.isCancellationRequested) {
      return undefined;
    }
    const params = { textDocument: { uri: server.uri(document.uri) }, position: { line: position.line, character: position.character } };
    const summary = await server.request<Summary | null>('tierline/summary', params, token).catch(() => undefined);
    const added = summary ? addition(text(summary.contents), plain.contents.map(text).join('\n\n'), summary.note ?? undefined) : '';
    return added === '' ? undefined : new vscode.Hover(new vscode.MarkdownString(added), plain.range);
  }

  dispose(): void {
    this.registration?.dispose();
  }

  /** The plain hover at the same place, which is asked for just before or just after this. */
  private async plain(document: vscode.TextDocument, position: vscode.Position, token: vscode.CancellationToken): Promise<vscode.Hover | undefined> {
    const fits = (asked: Asked | undefined): asked is Asked =>
      asked !== undefined && Date.now() - asked.time < SAME_HOVER_MS && asked.uri === document.uri.toString() && asked.version === document.version && asked.position.isEqual(position);
    const asked = fits(this.asked)
      ? this.asked
      : await new Promise<Asked | undefined>((resolve) => {
          this.waiting = (next) => resolve(fits(next) ? next : undefined);
          token.onCancellationRequested(() => resolve(undefined));
        });
    this.asked = undefined;
    this.waiting = undefined;
    return (await asked?.hover) ?? undefined;
  }
}

function text(contents: Summary['contents'] | vscode.MarkdownString | vscode.MarkedString): string {
  return typeof contents === 'string' ? contents : contents.value;
}
