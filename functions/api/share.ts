import type { Context } from 'hono';
import * as z from 'zod';
import { readShareToken } from '../delivery/share-link.ts';
import { maskSummary } from '../metrics/masking.ts';
import { ReportReader } from '../pipeline/report-reader.ts';
import type { ApiPorts } from './ports.ts';
import { NO_INPUT, negotiate, PAGE_HEADERS, Problem, type Route, route, toResponse } from './route.ts';

/** The page is for one reader and one visit, and not for search engines. */
const HEADERS: Readonly<Record<string, string>> = {
  ...PAGE_HEADERS,
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow',
  vary: 'accept',
};

/** The report behind a share link of a mail. A phone cannot sign a request, so the link is the signature. */
export function sharedReport(ports: ApiPorts): Route {
  return route({
    method: 'get',
    path: '/view/{token}',
    id: 'viewReport',
    title: 'The report behind a link of a mail',
    description:
      'Needs no signature: the token is one. It is valid for seven days from when the data was complete, and only while ' +
      'its recipient still gets reports. Contacts are always masked.',
    isOpen: true,
    input: z.object({
      ...NO_INPUT,
      params: z.object({ token: z.string().meta({ description: 'Of a link' }) }),
      // Mail programs may add parameters to a link.
      query: z.object({}),
    }),
    answers: {
      200: { description: 'The report as a page', content: { 'text/html': null } },
      404: {
        description: 'There is no report behind this link. The answer is a page where `Accept` takes one',
        content: { 'text/html': null },
      },
      500: { description: 'Something is wrong here' },
    },
    async handle({ params: { token } }, context) {
      const page = await renderShared(token, ports);
      return page === null ? await answerGone(context, ports) : new Response(page, { headers: HEADERS });
    },
  });
}

async function renderShared(token: string, ports: ApiPorts): Promise<string | null> {
  const { account, lake, clock, share } = ports;
  if (share === null) return null;
  const now = clock.now();
  const who = { account: account.name, recipients: share.recipients, now };
  const day = readShareToken(token, who, await share.key());
  const reports = new ReportReader(lake);
  const summary = day === null ? null : await reports.read({ day });
  if (summary === null) return null;
  const { locale, links } = account;
  const { renderHtml } = await importPage();
  return renderHtml(await reports.inputFor(maskSummary(summary), locale, { seenAt: now, links }));
}

/** The API opens this route too, and hardly a call of it is for a page. */
const importPage = () => import('../report/formats/html.ts');

/** Every wrong link gets the same answer, so that a guess learns nothing from it. */
async function answerGone(context: Context, { account }: ApiPorts): Promise<Response> {
  const type = negotiate(context.req.header('accept'), ['application/problem+json', 'text/html']);
  if (type === 'text/html') {
    const { renderGone } = await importPage();
    return new Response(renderGone(account.locale), { status: 404, headers: HEADERS });
  }
  return toResponse(new Problem(404, 'There is nothing behind this link.', { headers: { vary: 'accept' } }));
}
