import {
  BannedError,
  RefusedError,
  ThrottledError,
  TokenMissingError,
  TokenRefusedError,
  UnavailableError,
} from '../capture/errors.ts';
import { toZonedWords } from '../time/zone.ts';
import { explainConnection } from './explain-connection.ts';
import type { Trouble } from './trouble.ts';

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
  if (error instanceof BannedError) {
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
