import { VENDOR_HOST } from '../../functions/sources/vendor.ts';

/** The address of an account as people have it at hand: its name alone, or an address that they copied. */

const OWN_HOSTS = VENDOR_HOST.replace(/^api/, '');
/** Without a scheme, these are servers of this machine. */
const LOCAL = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:\/|$)/i;

/**
 * The address of an account, as its setting has it. A name, and the address of a request
 * with its path, are addresses of an account, too.
 *
 * @returns a text that is no address as it came. The setting itself says what is wrong with it.
 */
export function toAccountAddress(text: string): string {
  const written = text.trim().replace(/^(["'])(.*)\1$/su, '$2');
  if (written === '') return '';
  const url = URL.parse(withScheme(written));
  if (url === null || /\s/u.test(written)) return written;
  const [domain = '', ...rest] = url.pathname.split('/').filter((part) => part !== '');
  // The path of a request without the account's own part lacks the name of the account.
  if (domain === '' || (domain === 'api' && rest.length > 0))
    return written.includes('://') ? written : url.href;
  const password = url.username + url.password === '' ? '' : `${url.username}:${url.password}@`;
  return `${url.protocol}//${password}${url.host}/${domain}`;
}

function withScheme(text: string): string {
  if (text.includes('://')) return text;
  if (LOCAL.test(text)) return `http://${text}`;
  if (text.includes('/')) return `https://${text}`;
  const isHost = text.endsWith(OWN_HOSTS) && text !== VENDOR_HOST;
  return text === VENDOR_HOST
    ? `https://${VENDOR_HOST}`
    : `https://${VENDOR_HOST}/${isHost ? text.slice(0, -OWN_HOSTS.length) : text}`;
}
