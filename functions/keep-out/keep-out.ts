import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { toErased } from '../chat/erased-customer.ts';

const MOST_ASKED = 50_000;

/** One value of somebody who was erased. */
export interface KeptOutValue {
  /** Of the value, as `identifyContact` writes it (`id:…`, `phone:…`, `email:…`), under the lake's key; in hex. */
  readonly hash: string;
  /** Stands for the customer that the value tells from others, in every row. */
  readonly customer: string;
  /** Whoever asked for the erasure named it: who has it is the person, whatever their id. */
  readonly given: boolean;
}

/** Who is kept out of the lake. Nobody can be read off it; it can only be asked whether a value is somebody's. */
export class KeepOut {
  readonly #key: KeyObject;
  readonly #values: ReadonlyMap<string, KeptOutValue>;
  /** The same words stand in the addresses of most pages, and a hash costs more than all the rest. */
  readonly #asked = new Map<string, KeptOutValue | null>();

  constructor(key: Uint8Array, values: readonly KeptOutValue[]) {
    this.#key = createSecretKey(key);
    // What was given once is given, whatever comes after.
    const given = values.filter((value) => value.given);
    this.#values = new Map([...values, ...given].map((value) => [value.hash, value]));
  }

  hash(value: string): string {
    return createHmac('sha256', this.#key).update(value).digest('hex');
  }

  /** @param value as `identifyContact` writes it */
  find(value: string): KeptOutValue | null {
    const known = this.#asked.get(value);
    if (known !== undefined) return known;
    const found = this.#values.get(this.hash(value)) ?? null;
    if (this.#asked.size >= MOST_ASKED) this.#asked.clear();
    this.#asked.set(value, found);
    return found;
  }

  findAny(values: Iterable<string>): KeptOutValue | null {
    let any: KeptOutValue | null = null;
    for (const value of values) {
      const found = this.find(value);
      if (found?.given) return found;
      any ??= found;
    }
    return any;
  }

  /** What stands for a content that is to be told from others, and not to be seen; the same for the same. */
  mark(content: string): string {
    return toErased(this.hash(`content:${content}`));
  }
}
