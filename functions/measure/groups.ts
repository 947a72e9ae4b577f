import { canonicalText } from '../chat/canonical-text.ts';
import { compareText } from '../chat/compare-text.ts';
import { compareKeyed } from './compare-keyed.ts';
import { FiguresTally } from './figures-tally.ts';
import type { KeyedFigures } from './summary.ts';

/** One tally per key, made when the key is first met. */
export class Groups<Key extends string | number> {
  readonly #tallies = new Map<Key, FiguresTally>();

  at(key: Key): FiguresTally {
    const known = this.#tallies.get(key);
    if (known) return known;
    const tally = new FiguresTally();
    this.#tallies.set(key, tally);
    return tally;
  }

  /** Those that were met, ascending. */
  get keys(): Key[] {
    return [...this.#tallies.keys()].sort((left, right) => Number(left) - Number(right));
  }
}

/** One way in which a name is written. */
interface Spelling {
  readonly group: NamedGroup;
  chats: number;
}

interface NamedGroup {
  readonly tally: FiguresTally;
  readonly spellings: string[];
}

/**
 * One tally per name, whatever the spellings that no reader can tell apart; what is shown is the most frequent. What reads
 * as nothing is no name.
 */
export class NamedGroups {
  readonly #groups = new Map<string, NamedGroup>();
  readonly #spellings = new Map<string, Spelling>();
  #unnamed: FiguresTally | null = null;

  /** @param canonicalOf is asked once a spelling */
  at(spelling: string | null, canonicalOf: (spelling: string) => string = canonicalText): FiguresTally {
    if (spelling === null) return this.#withoutName();
    const known = this.#spellings.get(spelling);
    if (known) {
      known.chats += 1;
      return known.group.tally;
    }
    const group = this.#groupOf(canonicalOf(spelling));
    group.spellings.push(spelling);
    this.#spellings.set(spelling, { group, chats: 1 });
    return group.tally;
  }

  #groupOf(canonical: string): NamedGroup {
    if (canonical === '') return { tally: this.#withoutName(), spellings: [] };
    const group = this.#groups.get(canonical) ?? { tally: new FiguresTally(), spellings: [] };
    this.#groups.set(canonical, group);
    return group;
  }

  #withoutName(): FiguresTally {
    this.#unnamed ??= new FiguresTally();
    return this.#unnamed;
  }

  /** @param nameOf what a group is called, by its canonical key */
  toKeyed(
    toFigures: (tally: FiguresTally) => Omit<KeyedFigures, 'key' | 'name'>,
    nameOf: (canonical: string) => string | null | undefined = () => undefined,
  ): KeyedFigures[] {
    const named = [...this.#groups].map(([canonical, { tally, spellings }]) => {
      const name = nameOf(canonical);
      return { key: this.#shown(spellings), ...(name && { name }), ...toFigures(tally) };
    });
    const unnamed = this.#unnamed ? [{ key: null, ...toFigures(this.#unnamed) }] : [];
    return [...named, ...unnamed].sort(compareKeyed);
  }

  #shown(spellings: readonly string[]): string {
    const timesOf = (spelling: string) => this.#spellings.get(spelling)?.chats ?? 0;
    return spellings.reduce((shown, spelling) => {
      const more = timesOf(spelling) - timesOf(shown);
      return more > 0 || (more === 0 && compareText(spelling, shown) < 0) ? spelling : shown;
    });
  }
}
