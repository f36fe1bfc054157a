/** The steps of a plan document, as far as its lenses need them. The server alone reads a plan whole, and says what is wrong with it. */

export interface Step {
  readonly id: string;
  /** The zero-based line. */
  readonly line: number;
  readonly isTicked: boolean;
  /** Whether a mini model does it, so that a flagship could. */
  readonly isByMini: boolean;
}

const STEP = /^- \[([ xX])\] \*\*([^*]+)\*\*(.*)$/;

/** The steps of a plan, in the order in which they stand there. */
export function steps(text: string): Step[] {
  const found: Step[] = [];
  // Words in a fence are the user's and the model's, whatever they look like.
  let fence: string | undefined;
  for (const [line, written] of text.split(/\r?\n/).entries()) {
    const mark = /^\s*(`{3,})/.exec(written)?.[1];
    if (mark !== undefined && (fence === undefined || mark.length >= fence.length)) {
      fence = fence === undefined ? mark : undefined;
    }
    const step = fence === undefined ? STEP.exec(written) : null;
    if (step !== null) {
      found.push({ id: step[2] as string, line, isTicked: step[1] !== ' ', isByMini: /\(mini\b/.test(step[3] as string) });
    }
  }
  return found;
}

/** The column of the tick in the line of a step. */
export const TICK = '- ['.length;
