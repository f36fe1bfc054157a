/** The editor's settings as the server reads them. */

import * as vscode from 'vscode';

/** What the server may be told, by its own names. The rest of the settings concern this extension. */
const HANDED_ON = [
  'hover.summary',
  'hover.signature',
  'hover.patience_ms',
  'navigation.enabled',
  'index.threads',
  'index.max_file_bytes',
  'index.store',
] as const;

/** The user's own settings, which may set everything: nothing of what a workspace says is among them. */
export function userSettings(): object {
  return collect((found) => found.globalValue);
}

/** The settings of this window, in which the workspace has its say; the server lets them lower and switch off. */
export function windowSettings(): object {
  return collect((found) => found.workspaceFolderValue ?? found.workspaceValue ?? found.globalValue);
}

type Found = NonNullable<ReturnType<vscode.WorkspaceConfiguration['inspect']>>;

/** What is set, and nothing else: a default of this extension would otherwise count for more than the user's own file. */
function collect(choose: (found: Found) => unknown): object {
  const configuration = vscode.workspace.getConfiguration('tierline');
  const settings: Record<string, Record<string, unknown>> = {};
  for (const key of HANDED_ON) {
    const found = configuration.inspect(camelCase(key));
    const value = found === undefined ? undefined : choose(found);
    if (value !== undefined) {
      const [section, name] = key.split('.') as [string, string];
      (settings[section] ??= {})[name] = value;
    }
  }
  return settings;
}

/** `hover.patience_ms` as the editor spells it: `hover.patienceMs`. */
function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
