/** The receipt of an edit as `tierline receipt --json` prints it, and the rows in which it is shown. */

import { dollars } from '../money';

export interface Receipt {
  readonly instruction: string;
  readonly files: number;
  readonly cost_micro_usd: number;
  readonly lines: readonly Line[];
  /** What the planner looked up in the index. */
  readonly looked_up?: readonly string[];
  /** `null` where no model was asked. */
  readonly account?: Account | null;
}

interface Line {
  readonly step: string;
  readonly what: string;
  readonly tier: string;
  /** The language's own server, where it said what to change. */
  readonly by?: string | null;
  readonly cost_micro_usd: number;
  readonly cached: boolean;
  readonly ms: number;
  /** Why answers were refused before one stood. */
  readonly refused: readonly string[];
}

interface Account {
  readonly tiers: readonly {
    readonly tier: string;
    readonly requests: number;
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly cost_micro_usd: number;
  }[];
  readonly same_calls_at_flagship_micro_usd: number | null;
  readonly one_flagship_agent: { readonly input_tokens: number; readonly output_tokens: number; readonly cost_micro_usd: number | null } | null;
}

/** A row of the tree. */
export interface Row {
  readonly label: string;
  readonly description?: string;
  /** The name of one of the editor's icons. */
  readonly icon: string;
  readonly children?: readonly Row[];
  /** Whether its children are what the reader should see first. */
  readonly isOpen?: boolean;
}

const ICONS: Readonly<Record<string, string>> = { index: 'database', nano: 'circle-small', mini: 'circle', flagship: 'circle-filled' };

/** What was done, step by step, and under it what it took. */
export function rows(receipt: Receipt): Row[] {
  const { account, looked_up: lookedUp = [] } = receipt;
  return [
    ...receipt.lines.map(ofLine),
    ...(lookedUp.length === 0
      ? []
      : [{ label: 'Looked up by the planner', description: String(lookedUp.length), icon: 'search', children: lookedUp.map((label) => ({ label, icon: 'blank' })) }]),
    ...(account ? ofAccount(account) : []),
  ];
}

/** The whole in one line. */
export function summary(receipt: Receipt): string {
  return `“${receipt.instruction}” in ${receipt.files === 1 ? '1 file' : `${receipt.files} files`} · ${dollars(receipt.cost_micro_usd)}`;
}

function ofLine(line: Line): Row {
  const by = [line.by ?? line.tier, line.cached ? 'cached' : dollars(line.cost_micro_usd), ...(line.ms === 0 ? [] : [duration(line.ms)])];
  const row = { label: `${line.step}: ${line.what}`, description: by.join(' · '), icon: line.by ? 'server' : (ICONS[line.tier] ?? 'circle') };
  if (line.refused.length === 0) {
    return row;
  }
  const refused = line.refused.map((why) => ({ label: `An answer was refused: ${why}`, icon: 'warning' }));
  return { ...row, children: refused, isOpen: true };
}

function ofAccount(account: Account): Row[] {
  const count = (tokens: number) => tokens.toLocaleString('en');
  const used = account.tiers.map((tier) => ({
    label: tier.tier,
    description: `${tier.requests === 1 ? '1 request' : `${tier.requests} requests`} · ${count(tier.input_tokens)} tokens in, ${count(tier.output_tokens)} out · ${dollars(tier.cost_micro_usd)}`,
    icon: ICONS[tier.tier] ?? 'circle',
  }));
  const compared: Row[] = [];
  if (account.same_calls_at_flagship_micro_usd !== null && used.length > 0) {
    compared.push({ label: 'The same calls at the flagship’s prices', description: dollars(account.same_calls_at_flagship_micro_usd), icon: 'arrow-swap' });
  }
  const agent = account.one_flagship_agent;
  if (agent !== null) {
    const cost = agent.cost_micro_usd === null ? '' : ` · ${dollars(agent.cost_micro_usd)}`;
    const tokens = `about ${count(agent.input_tokens)} tokens in, ${count(agent.output_tokens)} out`;
    compared.push({ label: 'One flagship that reads every file whole', description: `${tokens}${cost}`, icon: 'arrow-swap' });
  }
  return [...(used.length === 0 ? [] : [{ label: 'Tokens by tier', icon: 'graph', children: used, isOpen: true }]), ...compared];
}

function duration(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}
