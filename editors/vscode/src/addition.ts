/** What a hover with its summary says beyond the one without. */

/** The paragraphs that the whole hover has and the plain one had not; without any, the reason where there is one. */
export function addition(whole: string, plain: string, note: string | undefined): string {
  const had = new Set(plain.split('\n\n').map((paragraph) => paragraph.trim()));
  const added = whole.split('\n\n').filter((paragraph) => !had.has(paragraph.trim()));
  if (added.length > 0) {
    return added.join('\n\n');
  }
  return note === undefined ? '' : `*No summary: ${note.replace(/[\\`*_{}[\]()#+.!|<>&~-]/g, '\\$&')}*`;
}
