import pLimit from 'p-limit';
import { UnavailableError } from '../source.ts';

/** The source of the account's token. */
export interface TokenSource {
  /**
   * @param isForced whether to read past a cache
   * @throws SecretUnreadableError if a person has to mend the secret first
   * @throws UnavailableError if the token cannot be read now
   */
  read(isForced: boolean): Promise<string>;
}

/** A token that never changes. */
export function fixedToken(value: string): TokenSource {
  return { read: () => Promise.resolve(value) };
}

/** The token of all requests. It stays the same until it is renewed. */
export class TokenInUse {
  readonly #source: TokenSource;
  readonly #renewing = pLimit(1);
  #value = '';

  constructor(source: TokenSource) {
    this.#source = source;
  }

  /** The token of the last read. It is ready at the moment of sending, when there is no time for a read. */
  get value(): string {
    return this.#value;
  }

  /** Reads the token. This is quick if its source has it in a cache. */
  async ready(): Promise<void> {
    try {
      this.#value = await this.#source.read(false);
    } catch (error) {
      // A token in use stays valid until it is refused.
      if (this.#value === '' || !(error instanceof UnavailableError)) throw error;
    }
  }

  /** Reads past the cache after a refusal. @returns whether there is a new token */
  async renew(refused: string): Promise<boolean> {
    // One at a time: if several requests are refused at once, the first one reads for all.
    return await this.#renewing(async () => {
      if (this.#value === refused) this.#value = await this.#source.read(true);
      return this.#value !== refused;
    });
  }
}
