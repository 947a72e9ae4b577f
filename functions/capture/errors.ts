import { causeCodeOf } from '../log/cause-code.ts';

/** CareSoft cannot be reached, or answers with what is no answer; trying again may help. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
  /** The connection to CareSoft failed, so that there was no answer at all. */
  readonly isOfConnection: boolean;
  /** A whole answer came, of which nothing can be taken: another try is likely to bring the same. */
  readonly isUnfit: boolean;
  /** What CareSoft said in place of an answer; null where it said nothing, or that it passes. */
  readonly words: string | null;

  constructor(
    message: string,
    {
      isOfConnection = false,
      isUnfit = false,
      words = null,
      ...options
    }: ErrorOptions & {
      readonly isOfConnection?: boolean;
      readonly isUnfit?: boolean;
      readonly words?: string | null;
    } = {},
  ) {
    super(message, options);
    this.isOfConnection = isOfConnection;
    this.isUnfit = isUnfit;
    this.words = words;
  }
}

/** CareSoft understood the request and declines it: trying again cannot help. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  /** Whether every other request would be declined too: a wrong domain, asked for often, ends in a lockout. */
  readonly isOfAccount: boolean;

  constructor(
    message: string,
    { isOfAccount = false, ...options }: ErrorOptions & { readonly isOfAccount?: boolean } = {},
  ) {
    super(message, options);
    this.isOfAccount = isOfAccount;
  }
}

/** 401: the token is wrong, empty or was reset. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError';
}

/** There is no token to ask with. The message says where it should be and how it comes there. */
export class TokenMissingError extends Error {
  override readonly name = 'TokenMissingError';
}

/** 429: too many requests. */
export class ThrottledError extends Error {
  override readonly name = 'ThrottledError';
  /** How long CareSoft asks to wait, where it says so. */
  readonly retryAfterMs: number | null;
  /** It asks for longer than is believed. */
  readonly isWaitCut: boolean;

  constructor(message: string, retryAfterMs: number | null, isWaitCut = false) {
    super(message);
    this.retryAfterMs = retryAfterMs;
    this.isWaitCut = isWaitCut;
  }
}

/** CareSoft has locked the account out; every further call makes it longer. */
export class BannedError extends Error {
  override readonly name = 'BannedError';
  readonly waitMs: number;
  /** It asks for longer than is believed. */
  readonly isWaitCut: boolean;

  constructor(message: string, waitMs: number, isWaitCut = false) {
    super(message);
    this.waitMs = waitMs;
    this.isWaitCut = isWaitCut;
  }
}

/** The name has no address, nothing listens there, no way leads there, or it is not the host that it says it is. */
const NO_SUCH_HOST =
  /^(ENOTFOUND|EAI_\w+|ENODATA|ECONNREFUSED|EBADPORT|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$|CERT|ALTNAME|SELF_SIGNED|UNABLE_TO_/;

/** Whether there is no way to CareSoft at its address. */
export function isUnreachable(error: unknown): boolean {
  // A secret that cannot be reached is no fault of CareSoft's address.
  return error instanceof UnavailableError && error.isOfConnection && NO_SUCH_HOST.test(causeCodeOf(error));
}
