import type { Hono } from 'hono';
import { PROBLEM_TYPE } from '../functions/api/route.ts';
import { toJsonText } from '../functions/text/json.ts';

/** The names under which this machine calls itself, with or without a port. */
const OWN_HOST = /^(localhost|127\.0\.0\.1)(:\d+)?$/i;

/**
 * The app, for the programs of this machine alone. It asks nobody for a signature, so a web page from elsewhere must not
 * reach it through its reader's browser: not by a name that it lets point here, and not by sending it something.
 *
 * @param unset the settings that are missing for starting a run; with any, reports can be read and not asked for
 */
export function localOnly(
  app: Pick<Hono, 'fetch'>,
  unset: readonly string[],
): (request: Request) => Promise<Response> {
  return async (request) => refusalOf(request, unset) ?? (await app.fetch(request));
}

function refusalOf(request: Request, unset: readonly string[]): Response | null {
  const host = request.headers.get('host') ?? '';
  if (!OWN_HOST.test(host)) {
    return refusal(421, 'Misdirected Request', 'This is served to localhost alone.');
  }
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  const origin = request.headers.get('origin');
  if (origin !== null && URL.parse(origin)?.host !== host) {
    return refusal(403, 'Forbidden', 'This is not taken from a web page of another site.');
  }
  if (unset.length === 0) return null;
  return refusal(503, 'Service Unavailable', `No run can be started: ${unset.join(' and ')} not set.`);
}

function refusal(status: number, title: string, detail: string): Response {
  const body = { type: 'about:blank', title, status, detail };
  return new Response(toJsonText(body), {
    status,
    headers: { 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store' },
  });
}
