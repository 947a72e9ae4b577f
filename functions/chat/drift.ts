/** How often something was seen that CareSoft's description does not name, by its name. */
type Occurrences = Readonly<Record<string, number>>;

export interface Drift {
  readonly unknownFields: Occurrences;
  readonly unknownStatuses: Occurrences;
  /** Known fields whose value could not be read as what the field is. */
  readonly unreadable: Occurrences;
}

/** Names beyond these bounds are gathered under `…`: a stranger's answer must not swell the manifest. */
const MOST_NAMES = 50;
const LONGEST_NAME = 60;

/** Counts what differs between CareSoft's rows and what is known of them. */
export class DriftTally {
  readonly #fields = new Map<string, number>();
  readonly #statuses = new Map<string, number>();
  readonly #unreadable = new Map<string, number>();

  addField(name: string): void {
    count(this.#fields, name);
  }

  addStatus(status: string): void {
    count(this.#statuses, status);
  }

  addUnreadable(field: string): void {
    count(this.#unreadable, field);
  }

  toDrift(): Drift {
    return {
      unknownFields: sorted(this.#fields),
      unknownStatuses: sorted(this.#statuses),
      unreadable: sorted(this.#unreadable),
    };
  }
}

function count(counts: Map<string, number>, name: string): void {
  const short = (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name).toWellFormed();
  const key = counts.has(short) || counts.size < MOST_NAMES ? short : '…';
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): Occurrences {
  return Object.fromEntries([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));
}
