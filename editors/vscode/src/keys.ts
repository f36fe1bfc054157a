/** Keys of model servers: kept in the editor's secret store, handed to the server in its environment, written nowhere else. */

import * as vscode from 'vscode';

const PREFIX = 'tierline.key.';
const KNOWN = 'tierline.keys';
/** The variables that are offered; others are typed. */
export const providers = [
  { name: 'openai', label: 'OpenAI', variable: 'OPENAI_API_KEY' },
  { name: 'anthropic', label: 'Anthropic', variable: 'ANTHROPIC_API_KEY' },
] as const;

/** Whether a variable may be set: names that end like a key's, so that none that changes how programs run can be. */
export function mayHold(variable: string): boolean {
  return /^[A-Z][A-Z0-9_]*(KEY|TOKEN)$/.test(variable);
}

export class Keys {
  constructor(private readonly context: vscode.ExtensionContext) {}

  /** The variables that have a key. */
  variables(): string[] {
    return this.context.globalState.get<string[]>(KNOWN, []).filter(mayHold);
  }

  async set(variable: string, key: string): Promise<void> {
    await this.context.secrets.store(PREFIX + variable, key);
    await this.context.globalState.update(KNOWN, [...new Set([...this.variables(), variable])]);
  }

  async remove(variable: string): Promise<void> {
    await this.context.secrets.delete(PREFIX + variable);
    await this.context.globalState.update(
      KNOWN,
      this.variables().filter((known) => known !== variable),
    );
  }

  /** The variables and their keys, for the environment of the server. */
  async environment(): Promise<Record<string, string>> {
    const environment: Record<string, string> = {};
    for (const variable of this.variables()) {
      const key = await this.context.secrets.get(PREFIX + variable);
      if (key !== undefined) {
        environment[variable] = key;
      }
    }
    return environment;
  }
}
