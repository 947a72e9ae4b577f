import type { KeyedFigures } from '../measure/summary.ts';
import { visible } from './plain-text.ts';

/** How many characters of a name, and of a key, there is room for. */
interface Room {
  readonly name: number;
  readonly key: number;
}

/**
 * What the rows are called, in their order. Two agents may have one name: then each name is followed by its key.
 * They are compared as they are shown: two long names may differ only in what is cut off.
 */
export function namesApart(rows: readonly KeyedFigures[], none: string, room: Room): string[] {
  const shown = rows.map(({ key, name }) => ({
    key: visible(key, room.key) ?? none,
    name: visible(name, room.name) ?? visible(key, room.name) ?? none,
  }));
  const times = Map.groupBy(shown, ({ name }) => name);
  return shown.map(({ key, name }) =>
    times.get(name)?.length === 1 || name === key ? name : `${name} (${key})`,
  );
}
