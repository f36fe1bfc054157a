/** Tierline in Visual Studio Code: thin over the standard protocol. The server knows; this shows. */

import * as vscode from 'vscode';
import { registerCommands } from './commands';
import { Doctor, executeCommand, showDocument } from './documents';
import { SummaryHover } from './hover';
import { Keys } from './keys';
import { selector } from './languages';
import { Peer } from './peer/peer';
import { PlanLenses } from './plan/lenses';
import { ReceiptView } from './receipt/view';
import { ReportPanel } from './report/panel';
import { command } from './server/protocol';
import { Server } from './server/server';
import { StatusBar } from './status';

let running: Server | undefined;

/** Called by the editor when it has started. The server starts beside it, so that nothing waits for it. */
export function activate(context: vscode.ExtensionContext): void {
  const keys = new Keys(context);
  const hover = new SummaryHover();
  const peer = new Peer();
  const middleware = { window: { showDocument }, executeCommand, provideHover: hover.provideHoverByServer, provideReferences: peer.provideReferences };
  const server = new Server(context, keys, peer, middleware);
  const status = new StatusBar(server);
  const report = new ReportPanel(server, context.extensionUri);
  const receipt = new ReceiptView(server);
  const { version } = context.extension.packageJSON as { version: string };
  const doctor = new Doctor(server, keys, version);
  running = server;
  context.subscriptions.push(
    server,
    status,
    report,
    receipt,
    doctor,
    new PlanLenses(server),
    hover,
    hover.follow(server),
    registerCommands({ context, server, keys, status, report, receipt, doctor }),
    server.onDidChange(() => {
      const offers = server.state === 'running' && server.offers(command.document);
      void vscode.commands.executeCommand('setContext', 'tierline.offersDocument', offers);
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void server.restart()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      // The user's own settings are handed over when the server starts, which takes no longer than to read them again.
      if (server.state !== 'stopped' && change.affectsConfiguration('tierline')) {
        void server.restart();
      }
    }),
  );
  startWhenOfUse(context, server);
}

/** Ends the server in an orderly way. */
export function deactivate(): Promise<void> | undefined {
  return running?.stop();
}

/** A window without a folder starts the server with the first document that it understands. */
function startWhenOfUse(context: vscode.ExtensionContext, server: Server): void {
  const understands = (document: vscode.TextDocument) => vscode.languages.match(selector as vscode.DocumentFilter[], document) > 0;
  if (vscode.workspace.workspaceFolders !== undefined || vscode.workspace.textDocuments.some(understands)) {
    void server.start();
    return;
  }
  const opened = vscode.workspace.onDidOpenTextDocument((document) => {
    if (understands(document)) {
      opened.dispose();
      void server.start();
    }
  });
  context.subscriptions.push(opened);
}
