/** Money for people, spelled as the server spells it, which counts in millionths of a dollar. */

/** Rounded up: two digits from a dollar on, four below, six below a hundredth of a cent. */
export function dollars(micro: number): string {
  if (micro === 0) {
    return '$0';
  }
  const digits = micro < 100 ? 6 : micro < 1_000_000 ? 4 : 2;
  const unit = 10 ** (6 - digits);
  return `$${((Math.ceil(micro / unit) * unit) / 1_000_000).toFixed(digits)}`;
}
