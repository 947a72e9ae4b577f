import type { Clock } from '../../../calendar/clock.ts';
import { toZonedWords } from '../../../calendar/time-zone.ts';
import {
  LockedOutError,
  RefusedError,
  ThrottledError,
  TokenMissingError,
  TokenRefusedError,
  UnavailableError,
} from '../../source.ts';
import type { CheckSubject, Finding } from './probe.ts';

/** A failure of CareSoft, told for a person. */
export interface Trouble {
  readonly finding: Finding & { readonly do: string };
  /** No further request can do better: it fails alike, or makes things worse. */
  readonly isFinal: boolean;
  /** CareSoft itself answered, even if with a no. */
  readonly wasReached: boolean;
}

const NO_NAME = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'ENODATA'];
const NO_WAY = ['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'];
const CERTIFICATE = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_|ALTNAME/;

/** Why no data came, from the system's own code where there is one. */
function explainConnection(error: UnavailableError, host: string): Trouble {
  const code = codeOf(error);
  const connection = (says: string, todo: string, isFinal: boolean, wasReached: boolean): Trouble => ({
    finding: { id: 'connection', status: 'fail', says, do: todo },
    isFinal,
    wasReached,
  });
  const lost = (says: string, todo: string): Trouble => connection(says, todo, true, false);
  if (code !== null && NO_NAME.includes(code)) {
    return lost(
      `${host} cannot be found: the name has no address (${code}).`,
      'check CARESOFT_BASE_URL for a typing error, and that this machine is on the internet',
    );
  }
  if (code === 'ECONNREFUSED') {
    return lost(
      `Nothing listens at ${host}: the connection is refused (${code}).`,
      'check host and port in CARESOFT_BASE_URL, and that no firewall stands between',
    );
  }
  if (code !== null && NO_WAY.includes(code)) {
    return lost(
      `${host} cannot be reached from here (${code}).`,
      'check this machine’s network, proxy and firewall, and CARESOFT_BASE_URL',
    );
  }
  if (code !== null && CERTIFICATE.test(code)) {
    return lost(
      `${host} cannot be trusted: its certificate is not in order (${code}).`,
      'check CARESOFT_BASE_URL; a proxy that looks into encrypted traffic needs its certificate known to this machine',
    );
  }
  if (error.message.includes('text/html')) {
    return connection(
      `${host} answers with a web page instead of data.`,
      'check CARESOFT_BASE_URL; if it is right, CareSoft is being maintained: try again later',
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

/** The innermost code: what fetch hides in the cause. */
function codeOf(error: Error): string | null {
  let code: string | null = null;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') code = cause.code;
    // Of a host with several addresses each try has an error of its own.
    if (cause instanceof AggregateError && cause.errors[0] instanceof Error) {
      code = codeOf(cause.errors[0]) ?? code;
    }
  }
  return code;
}

interface Circumstances {
  readonly baseUrl: string;
  readonly zoneName: string;
  readonly now: number;
  /** CareSoft has answered before: its address is right, whatever it declines now. */
  readonly hasAnswered: boolean;
}

/** @returns null for an error that is none of CareSoft's. */
export function explainTrouble(
  error: unknown,
  { baseUrl, zoneName, now, hasAnswered }: Circumstances,
): Trouble | null {
  const host = URL.parse(baseUrl)?.host ?? baseUrl;
  if (error instanceof LockedOutError) {
    const until = toZonedWords(now + error.waitMs, zoneName);
    return final(
      'lockout',
      `CareSoft has locked this account out ${error.isWaitCut ? 'for longer than a day' : `until ${until}`}. ${error.message}.`,
      'ask nothing before then, also with other programs: each call makes it longer. Then lower CARESOFT_REQUESTS_PER_SECOND',
    );
  }
  if (error instanceof TokenRefusedError) {
    return final(
      'token',
      'CareSoft refuses the token.',
      'set CARESOFT_TOKEN to the one that an administrator of this account made last; a reset ends the one before',
    );
  }
  if (error instanceof TokenMissingError) {
    return final(
      'token',
      `There is no token to show to CareSoft: ${error.message}.`,
      'put the token into the secret that CARESOFT_TOKEN_SECRET names, or set CARESOFT_TOKEN instead',
    );
  }
  if (error instanceof ThrottledError) {
    return final(
      'rate',
      `CareSoft says that it is asked too often (${error.message}).`,
      'try again in some minutes; if it stays, lower CARESOFT_REQUESTS_PER_SECOND: all who use the account share its limit',
    );
  }
  if (error instanceof RefusedError) {
    return error.isOfAccount && !hasAnswered ? explainRefusal(error) : decline(error.message);
  }
  if (error instanceof UnavailableError) return explainConnection(error, host);
  return null;
}

/** CareSoft's own words lead, since they name what it does not like. */
function explainRefusal({ message }: RefusedError): Trouble {
  if (message.startsWith('HTTP 404')) {
    return final(
      'domain',
      `There is no such account at this address (${message}).`,
      'check CARESOFT_BASE_URL: it ends with the domain of your account, written just as CareSoft writes it',
    );
  }
  if (message.startsWith('HTTP 3')) {
    return final(
      'domain',
      `The address leads elsewhere (${message}).`,
      'set CARESOFT_BASE_URL to where CareSoft itself answers',
    );
  }
  return final(
    'token',
    `The account does not let the token in (${message}).`,
    'ask an administrator of the account what CARESOFT_TOKEN is allowed to see',
  );
}

function decline(message: string): Trouble {
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

function final(id: string, says: string, todo: string): Trouble {
  return { finding: { id, status: 'fail', says, do: todo }, isFinal: true, wasReached: true };
}

/** Tells failures of CareSoft that end the check from those that the next request may do without. */
export class Troubles {
  readonly #subject: CheckSubject;
  readonly #clock: Pick<Clock, 'now'>;
  hasAnswered = false;

  constructor(subject: CheckSubject, clock: Pick<Clock, 'now'>) {
    this.#subject = subject;
    this.#clock = clock;
  }

  /** @throws the error itself, where it is none of CareSoft's. */
  explain(error: unknown): Trouble {
    const { baseUrl, reading } = this.#subject;
    const trouble = explainTrouble(error, {
      baseUrl,
      zoneName: reading.zone.name,
      now: this.#clock.now(),
      hasAnswered: this.hasAnswered,
    });
    if (trouble === null) throw error;
    return trouble;
  }

  /**
   * What is found, or what `otherwise` makes of a trouble that can be passed over.
   *
   * @throws the error itself, where it ends the check.
   */
  async attempt<Result>(
    look: () => Promise<Result>,
    otherwise: (trouble: Trouble) => Result,
  ): Promise<Result> {
    try {
      return await look();
    } catch (error) {
      const trouble = this.explain(error);
      if (trouble.isFinal) throw error;
      return otherwise(trouble);
    }
  }
}
