/** The user's own configuration file, the only place that names a model server. */

import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Server } from './server/server';

/** What `tierline doctor --json` says that matters here. */
interface Doctor {
  readonly user_file: string;
  readonly tiers: readonly { readonly tier: string; readonly model: string | null; readonly reason?: string | null }[];
}

async function ask(server: Server): Promise<Doctor> {
  return JSON.parse(await server.run(['doctor', '--json'])) as Doctor;
}

/** Opens the file; the server begins one that does not exist, with a comment on each key. */
export async function openConfiguration(server: Server): Promise<void> {
  const { user_file: file } = await ask(server);
  if (!existsSync(file)) {
    await server.run(['init']);
  }
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(vscode.Uri.file(file)));
}

/** Says whether a key that was just set is of any use, and offers what is missing. */
export async function offerConfiguration(server: Server, provider: string | undefined): Promise<void> {
  const { user_file: file, tiers } = await ask(server);
  const ready = tiers.filter((tier) => tier.model !== null);
  if (ready.length > 0) {
    const names = ready.map((tier) => `${tier.tier}: ${tier.model}`).join(', ');
    void vscode.window.showInformationMessage(`Tierline: the key is kept. Models: ${names}. You are asked before the first text of a workspace goes to another machine.`);
    return;
  }
  const [write, open] = [`Use ${provider ?? 'it'}`, 'Open Configuration'];
  const reason = tiers.find((tier) => tier.reason)?.reason;
  const text = `Tierline: the key is kept, but no model is configured yet${reason ? ` (${reason})` : ''}. ${
    provider === undefined ? 'Name the server' : `May provider = "${provider}" be written`
  } in ${file}${provider === undefined ? '.' : '?'}`;
  const chosen = await vscode.window.showInformationMessage(text, ...(provider === undefined ? [] : [write]), open);
  if (chosen === write && provider !== undefined) {
    if (existsSync(file)) {
      await openConfiguration(server);
      void vscode.window.showInformationMessage(`Tierline: the file exists already. Add the line provider = "${provider}" yourself.`);
      return;
    }
    await server.run(['init', '--provider', provider]);
    await server.restart();
    await offerConfiguration(server, undefined);
  } else if (chosen === open) {
    await openConfiguration(server);
  }
}
