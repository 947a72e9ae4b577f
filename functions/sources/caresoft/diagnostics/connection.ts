import type { Clock } from '../../../calendar/clock.ts';
import { toZonedWords } from '../../../calendar/time-zone.ts';
import {
  LockedOutError,
  RefusedError,
  SecretUnreadableError,
  ThrottledError,
  TokenRefusedError,
  UnavailableError,
} from '../../source.ts';
import type { AccountUnderTest, Finding } from './probe.ts';

/** An error of the source, explained for a person. */
export interface DiagnosticsError {
  readonly finding: Finding & { readonly do: string };
  /** Every further request fails too, or makes things worse. */
  readonly isFinal: boolean;
  /** CareSoft itself answered, even if it refused the request. */
  readonly wasReached: boolean;
}

/** Separates errors that end the check from errors after which it continues. */
export class DiagnosticsErrors {
  readonly #account: AccountUnderTest;
  readonly #clock: Pick<Clock, 'now'>;
  /** Set after the first answer. The address is then right. */
  hasAnswered = false;

  constructor(account: AccountUnderTest, clock: Pick<Clock, 'now'>) {
    this.#account = account;
    this.#clock = clock;
  }

  /** @throws the error itself if it does not come from the source */
  explain(error: unknown): DiagnosticsError {
    const { baseUrl, reading } = this.#account;
    const failure = explainError(error, {
      baseUrl,
      zoneName: reading.zone.name,
      now: this.#clock.now(),
      hasAnswered: this.hasAnswered,
    });
    if (failure === null) throw error;
    return failure;
  }

  /**
   * The result of a check. If the check fails and others can continue, the result of `otherwise`.
   *
   * @throws the error itself if it ends all checks
   */
  async attempt<Result>(
    check: () => Promise<Result>,
    otherwise: (failure: DiagnosticsError) => Result,
  ): Promise<Result> {
    try {
      return await check();
    } catch (error) {
      const failure = this.explain(error);
      if (failure.isFinal) throw error;
      return otherwise(failure);
    }
  }
}

interface ErrorContext {
  readonly baseUrl: string;
  readonly zoneName: string;
  readonly now: number;
  /** CareSoft has answered before, so its address is right. */
  readonly hasAnswered: boolean;
}

/** @returns null for an error that does not come from the source */
export function explainError(
  error: unknown,
  { baseUrl, zoneName, now, hasAnswered }: ErrorContext,
): DiagnosticsError | null {
  const host = URL.parse(baseUrl)?.host ?? baseUrl;
  if (error instanceof LockedOutError) {
    const until = toZonedWords(now + error.waitMs, zoneName);
    return finalError(
      'lockout',
      `CareSoft has locked this account out ${error.isWaitCut ? 'for longer than a day' : `until ${until}`}. ${error.message}.`,
      'send no request before then, also not with other programs: each one makes the lockout longer. Then lower CARESOFT_REQUESTS_PER_SECOND',
    );
  }
  if (error instanceof TokenRefusedError) {
    return finalError(
      'token',
      'CareSoft refuses the token.',
      'set CARESOFT_TOKEN to the newest token of this account; a reset by an administrator ends the one before',
    );
  }
  if (error instanceof SecretUnreadableError) {
    return finalError(
      'token',
      `CareSoft was not asked: ${error.message}.`,
      'mend the secret that CARESOFT_TOKEN_SECRET names, or set CARESOFT_TOKEN instead',
    );
  }
  if (error instanceof ThrottledError) {
    return finalError(
      'rate',
      `CareSoft says that it gets too many requests (${error.message}).`,
      'try again in a few minutes; if it stays, lower CARESOFT_REQUESTS_PER_SECOND: all programs that use the account share its limit',
    );
  }
  if (error instanceof RefusedError) {
    return error.isOfAccount && !hasAnswered ? explainRefusal(error) : declinedError(error.message);
  }
  if (error instanceof UnavailableError) return explainConnection(error, host);
  return null;
}

/** A refusal of the account. The message of the source shows which kind it is. */
function explainRefusal({ message }: RefusedError): DiagnosticsError {
  if (message.startsWith('HTTP 404')) {
    return finalError(
      'domain',
      `There is no such account at this address (${message}).`,
      'check CARESOFT_BASE_URL: it ends with the domain of your account, written just as CareSoft writes it',
    );
  }
  if (message.startsWith('HTTP 3')) {
    return finalError(
      'domain',
      `The address leads elsewhere (${message}).`,
      'set CARESOFT_BASE_URL to where CareSoft itself answers',
    );
  }
  return finalError(
    'token',
    `The account gives the token no access (${message}).`,
    'ask an administrator of the account what CARESOFT_TOKEN is allowed to see',
  );
}

function declinedError(message: string): DiagnosticsError {
  return {
    finding: {
      id: 'refusal',
      status: 'fail',
      says: `CareSoft declines the request (${message}).`,
      do: 'check CHANNELS, CARESOFT_GROUPS, CARESOFT_SERVICES and CARESOFT_ASSIGNEES, and what the token is allowed to see',
    },
    isFinal: false,
    wasReached: true,
  };
}

function finalError(id: string, says: string, todo: string): DiagnosticsError {
  return { finding: { id, status: 'fail', says, do: todo }, isFinal: true, wasReached: true };
}

const UNKNOWN_HOST_CODES = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'ENODATA'];
const UNREACHABLE_CODES = ['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'];
const CERTIFICATE_CODE = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_|ALTNAME/;

/** Explains why no data came, by the error code of the system if there is one. */
function explainConnection(error: UnavailableError, host: string): DiagnosticsError {
  const code = codeOf(error);
  const connection = (
    says: string,
    todo: string,
    isFinal: boolean,
    wasReached: boolean,
  ): DiagnosticsError => ({
    finding: { id: 'connection', status: 'fail', says, do: todo },
    isFinal,
    wasReached,
  });
  const lost = (says: string, todo: string): DiagnosticsError => connection(says, todo, true, false);
  if (code !== null && UNKNOWN_HOST_CODES.includes(code)) {
    return lost(
      `${host} cannot be found: the name has no address (${code}).`,
      'check CARESOFT_BASE_URL for a typing error, and that this machine is on the internet',
    );
  }
  if (code === 'ECONNREFUSED') {
    return lost(
      `Nothing listens at ${host}: the connection is refused (${code}).`,
      'check host and port in CARESOFT_BASE_URL, and that no firewall blocks the connection',
    );
  }
  if (code !== null && UNREACHABLE_CODES.includes(code)) {
    return lost(
      `${host} cannot be reached from here (${code}).`,
      'check this machine’s network, proxy and firewall, and CARESOFT_BASE_URL',
    );
  }
  if (code !== null && CERTIFICATE_CODE.test(code)) {
    return lost(
      `${host} cannot be trusted: its certificate is not valid (${code}).`,
      'check CARESOFT_BASE_URL; if a proxy reads encrypted traffic, add its certificate to this machine',
    );
  }
  if (error.message.includes('text/html')) {
    return connection(
      `${host} answers with a web page instead of data.`,
      'check CARESOFT_BASE_URL; if it is right, CareSoft is under maintenance: try again later',
      false,
      false,
    );
  }
  return connection(
    `${host} ${error.message.startsWith('HTTP') ? 'answers ' : ''}${error.message}.`,
    'try again later, and ask CareSoft if it stays; CARESOFT_BASE_URL may name the other host, api2.caresoft.vn',
    false,
    false,
  );
}

/** The innermost error code. `fetch` hides it in the cause. */
function codeOf(error: Error): string | null {
  let code: string | null = null;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') code = cause.code;
    // A host with several addresses has one error for each of them.
    if (cause instanceof AggregateError && cause.errors[0] instanceof Error) {
      code = codeOf(cause.errors[0]) ?? code;
    }
  }
  return code;
}
