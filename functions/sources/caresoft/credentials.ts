import pLimit from 'p-limit';
import { UnavailableError } from '../source.ts';

/** Where the account's token comes from. */
export interface TokenSource {
  /**
   * @param afresh past whatever is cached
   * @throws TokenMissingError where there is no token; UnavailableError where that cannot be told now.
   */
  read(afresh: boolean): Promise<string>;
}

/** A token that stays what it is. */
export function fixedToken(value: string): TokenSource {
  return { read: () => Promise.resolve(value) };
}

/** The token that requests are sent with, the same for all of them until it is renewed. */
export class TokenInUse {
  readonly #source: TokenSource;
  readonly #renewing = pLimit(1);
  #value = '';

  constructor(source: TokenSource) {
    this.#source = source;
  }

  /** The token as it was last read; what it is at the moment of sending, when waiting for a source is too late. */
  get value(): string {
    return this.#value;
  }

  /** Reads the token from the source, which is quick as long as that has it cached. */
  async ready(): Promise<void> {
    try {
      this.#value = await this.#source.read(false);
    } catch (error) {
      // A token that is in use is good as long as it is not refused.
      if (this.#value === '' || !(error instanceof UnavailableError)) throw error;
    }
  }

  /** Reads past the cache once the token is refused. @returns whether there is another one now. */
  async renew(refused: string): Promise<boolean> {
    // One after the other: of several that were refused at once, the first reads for all.
    return await this.#renewing(async () => {
      if (this.#value === refused) this.#value = await this.#source.read(true);
      return this.#value !== refused;
    });
  }
}
