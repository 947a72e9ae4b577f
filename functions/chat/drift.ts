/** How often something was seen that CareSoft's description does not name, by its name. */
type Occurrences = Readonly<Record<string, number>>;

export interface Drift {
  readonly unknownFields: Occurrences;
  readonly unknownStatuses: Occurrences;
  /** Known fields whose value could not be read as what the field is. */
  readonly unreadable: Occurrences;
  /** Fields of which less was kept than came; left out where there is none. */
  readonly cut?: Occurrences;
}

/** Names beyond these bounds are gathered under `…`: a stranger's answer must not swell the manifest. */
const MOST_NAMES = 50;
const LONGEST_NAME = 60;

/** By the name in lower case: how it is spelled, and how often it was seen. */
type Counts = Map<string, { readonly name: string; readonly times: number }>;

/** Counts what differs between CareSoft's rows and what is known of them. */
export class DriftTally {
  readonly #fields: Counts = new Map();
  readonly #statuses: Counts = new Map();
  readonly #unreadable: Counts = new Map();
  readonly #cut: Counts = new Map();

  addField(name: string): void {
    count(this.#fields, name);
  }

  addStatus(status: string): void {
    count(this.#statuses, status);
  }

  addUnreadable(field: string): void {
    count(this.#unreadable, field);
  }

  addCut(field: string): void {
    count(this.#cut, field);
  }

  toDrift(): Drift {
    return {
      unknownFields: sorted(this.#fields),
      unknownStatuses: sorted(this.#statuses),
      unreadable: sorted(this.#unreadable),
      ...(this.#cut.size > 0 && { cut: sorted(this.#cut) }),
    };
  }
}

/** Names that differ in their case alone are one: DuckDB reads no object with both. */
function count(counts: Counts, name: string): void {
  const short = (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name).toWellFormed();
  const alike = short.toLowerCase();
  if (counts.has(alike) || counts.size < MOST_NAMES) add(counts, alike, short);
  else add(counts, '…', '…');
}

/** Of several spellings one is kept, and the same in whichever order they come. */
function add(counts: Counts, alike: string, name: string): void {
  const known = counts.get(alike) ?? { name, times: 0 };
  counts.set(alike, { name: known.name < name ? known.name : name, times: known.times + 1 });
}

function sorted(counts: Counts): Occurrences {
  const named = [...counts.values()].map(({ name, times }): [string, number] => [name, times]);
  return Object.fromEntries(named.sort(([left], [right]) => (left < right ? -1 : 1)));
}
