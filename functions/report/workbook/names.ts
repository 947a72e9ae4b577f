import { canonicalText } from '../../chat/canonical-text.ts';
import type { KeyedFigures } from '../../measure/summary.ts';
import { namesApart } from '../names-apart.ts';
import { visible } from '../plain-text.ts';

/** Far longer than a name is, and far shorter than what a cell can hold. */
const NAME_LENGTH = 1_000;

/** The name, or null where there is nothing of it that can be seen. */
export function seenName(name: string | null | undefined): string | null {
  return visible(name, NAME_LENGTH);
}

/** What each key of the rows is called. */
export function nameByKey(rows: readonly KeyedFigures[], none: string): (key: string | null) => string {
  const names = namesApart(rows, none, { name: NAME_LENGTH, key: NAME_LENGTH });
  const byKey = new Map(rows.map(({ key }, at) => [key && canonicalText(key), names[at]]));
  // A chat may spell the key otherwise than the list shows it.
  return (key) => byKey.get(key && canonicalText(key)) ?? key ?? none;
}
