import { canonicalText } from '../../chat/canonical-text.ts';
import type { KeyedFigures } from '../../measure/summary.ts';
import { visible } from '../plain-text.ts';

/** Far longer than a name is, and far shorter than what a cell can hold. */
const NAME_LENGTH = 1_000;

/** The name, or null where there is nothing of it that can be seen. */
export function seenName(name: string | null | undefined): string | null {
  return visible(name, NAME_LENGTH);
}

/** What each key is called. Two agents may have one name: then each name is followed by its key. */
export function namesOf(all: readonly KeyedFigures[], none: string): (key: string | null) => string {
  const named = all.map(({ key, name }) => ({ key, name: seenName(name) ?? seenName(key) ?? none }));
  const times = Map.groupBy(named, ({ name }) => name);
  const names = new Map(
    named.map(({ key, name }) => {
      const isAlone = times.get(name)?.length === 1 || key === null || key === name;
      return [key && canonicalText(key), isAlone ? name : `${name} (${key})`];
    }),
  );
  // A chat may spell the key otherwise than the list shows it.
  return (key) => names.get(key && canonicalText(key)) ?? key ?? none;
}
