/** The address of an account as people have it at hand: its name alone, or an address that they copied. */

const HOST = 'api.caresoft.vn';
const OWN_HOSTS = '.caresoft.vn';
/** Without a scheme, these are servers of this machine. */
const LOCAL = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:\/|$)/i;

/**
 * The address of an account, as its setting has it. `acme`, `api.caresoft.vn/acme` and
 * `https://api.caresoft.vn/acme/api/v1/chats?page=1` are one account.
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
  const isHost = text.endsWith(OWN_HOSTS) && text !== HOST;
  return text === HOST
    ? `https://${HOST}`
    : `https://${HOST}/${isHost ? text.slice(0, -OWN_HOSTS.length) : text}`;
}
