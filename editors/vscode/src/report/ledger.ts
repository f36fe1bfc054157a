/** The ledger as `tierline report --json` prints it, and the sums that the report shows. */

/** One request to a model. */
export interface Entry {
  readonly time_ms: number;
  readonly job: string;
  readonly tier: string;
  readonly model: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_micro_usd: number;
  readonly outcome: string | null;
  readonly ms: number | null;
}

export interface Ledger {
  readonly cost_micro_usd: number;
  readonly same_calls_on_flagship_micro_usd: number | null;
  readonly cache_answers: number;
  readonly cache_saved_micro_usd: number;
  readonly entries: readonly Entry[];
}

export const tiers = ['nano', 'mini', 'flagship'] as const;
export type Tier = (typeof tiers)[number];

/** One day in UTC, as the caps count, and what each tier cost on it. */
export interface Day {
  readonly date: string;
  readonly micro: Readonly<Record<Tier, number>>;
  readonly requests: number;
}

export interface Sum {
  readonly name: string;
  readonly requests: number;
  readonly input: number;
  readonly output: number;
  readonly micro: number;
}

const DAY_MS = 86_400_000;

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The last days up to now, the oldest first, those on which nothing was asked among them. */
export function days(entries: readonly Entry[], now: number, count: number): Day[] {
  const byDate = new Map<string, { micro: Record<Tier, number>; requests: number }>();
  for (let ago = count - 1; ago >= 0; ago--) {
    byDate.set(dateOf(now - ago * DAY_MS), { micro: { nano: 0, mini: 0, flagship: 0 }, requests: 0 });
  }
  for (const entry of entries) {
    const day = byDate.get(dateOf(entry.time_ms));
    if (day !== undefined) {
      day.requests += 1;
      if (entry.tier in day.micro) {
        day.micro[entry.tier as Tier] += entry.cost_micro_usd;
      }
    }
  }
  return [...byDate].map(([date, day]) => ({ date, ...day }));
}

/** What was spent on the day of a moment. */
export function spentOn(entries: readonly Entry[], now: number): number {
  const today = dateOf(now);
  return entries.filter((entry) => dateOf(entry.time_ms) === today).reduce((sum, entry) => sum + entry.cost_micro_usd, 0);
}

/** Sums by a property of the entries, the dearest first. */
export function sums(entries: readonly Entry[], by: 'job' | 'tier' | 'model'): Sum[] {
  const byName = new Map<string, Sum>();
  for (const entry of entries) {
    const sum = byName.get(entry[by]) ?? { name: entry[by], requests: 0, input: 0, output: 0, micro: 0 };
    byName.set(entry[by], {
      name: sum.name,
      requests: sum.requests + 1,
      input: sum.input + entry.input_tokens,
      output: sum.output + entry.output_tokens,
      micro: sum.micro + entry.cost_micro_usd,
    });
  }
  return [...byName.values()].sort((a, b) => b.micro - a.micro || b.requests - a.requests);
}
