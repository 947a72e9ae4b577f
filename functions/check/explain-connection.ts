import type { UnavailableError } from '../capture/errors.ts';
import type { Trouble } from './trouble.ts';

const NO_NAME = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'ENODATA'];
const NO_WAY = ['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'];
const CERTIFICATE = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_|ALTNAME/;

/** Why no data came, from the system's own code where there is one. */
export function explainConnection(error: UnavailableError, host: string): Trouble {
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
