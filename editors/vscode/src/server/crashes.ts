/** What to do when the server ends without having been asked to. */

/** Ends further back than this do not count. */
const WINDOW_MS = 3 * 60_000;
const MOST_NORMAL = 3;
const MOST_SAFE = 2;
const FIRST_DELAY_MS = 250;

/** Start it again after a while, with everything or in safe mode, or leave it. */
export type Verdict = { readonly action: 'restart'; readonly delayMs: number; readonly safe: boolean } | { readonly action: 'stop' };

/**
 * Counts ends. After three within three minutes the server is started in safe mode, without models and without the index on
 * disk, which are what could make it end again; after two ends in safe mode it is left alone.
 */
export class Crashes {
  private normal: number[] = [];
  private safe: number[] = [];

  /** Says what to do about an end. Times are in milliseconds. */
  ended(now: number, wasSafe: boolean): Verdict {
    const recent = (times: number[]) => times.filter((time) => now - time < WINDOW_MS);
    if (wasSafe) {
      this.safe = [...recent(this.safe), now];
      return this.safe.length < MOST_SAFE ? { action: 'restart', delayMs: FIRST_DELAY_MS, safe: true } : { action: 'stop' };
    }
    this.normal = [...recent(this.normal), now];
    const count = this.normal.length;
    return { action: 'restart', delayMs: FIRST_DELAY_MS * 2 ** (count - 1), safe: count >= MOST_NORMAL };
  }

  /** Forgets all ends: the user started the server anew. */
  forget(): void {
    this.normal = [];
    this.safe = [];
  }
}
