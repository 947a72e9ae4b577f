import type { Context } from 'hono';
import * as z from 'zod';
import { readShareToken } from '../delivery/share-link.ts';
import { maskSummary } from '../metrics/masking.ts';
import { ReportReader } from '../pipeline/report-reader.ts';
import { renderGone, renderHtml } from '../report/formats/html.ts';
import type { OnDemandPorts } from './ports.ts';
import { BARE, negotiate, PAGE_HEADERS, Problem, type Route, route, toResponse } from './route.ts';

/** For one reader, for now, and for no search engine. */
const HEADERS: Readonly<Record<string, string>> = {
  ...PAGE_HEADERS,
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow',
  vary: 'accept',
};

/** A mail's link into the report: a phone cannot sign a request. */
export function viewReport(ports: OnDemandPorts): Route {
  return route({
    method: 'get',
    path: '/view/{token}',
    id: 'viewReport',
    title: 'The report behind a link of a mail',
    description:
      'Needs no signature: the token is one. It is good for seven days from when the data was complete, and as long ' +
      'as its recipient is one. Contacts are masked whatever the settings say.',
    isOpen: true,
    input: z.object({
      ...BARE,
      params: z.object({ token: z.string().meta({ description: 'Of a link' }) }),
      // Mail programs add what they like to a link.
      query: z.object({}),
    }),
    answers: {
      200: { description: 'The report as a page', content: { 'text/html': null } },
      404: {
        description: 'Nothing is behind it, for whatever reason. Whoever accepts a page gets one',
        content: { 'text/html': null },
      },
      500: { description: 'Something is wrong here' },
    },
    async handle({ params: { token } }, context) {
      const page = await pageBehind(token, ports);
      return page === null ? gone(context, ports) : new Response(page, { headers: HEADERS });
    },
  });
}

async function pageBehind(token: string, ports: OnDemandPorts): Promise<string | null> {
  const { account, lake, clock, views } = ports;
  if (views === null) return null;
  const now = clock.now();
  const who = { account: account.name, recipients: views.recipients, now };
  const day = readShareToken(token, who, await views.key());
  const reports = new ReportReader(lake);
  const summary = day === null ? null : await reports.read({ day });
  if (summary === null) return null;
  const { locale, links } = account;
  return renderHtml(await reports.inputFor(maskSummary(summary), locale, { seenAt: now, links }));
}

/** The same for whatever is wrong: nobody learns from it how near they came. */
function gone(context: Context, { account }: OnDemandPorts): Response {
  const type = negotiate(context.req.header('accept'), ['application/problem+json', 'text/html']);
  if (type === 'text/html')
    return new Response(renderGone(account.locale), { status: 404, headers: HEADERS });
  return toResponse(new Problem(404, 'There is nothing behind this link.', { headers: { vary: 'accept' } }));
}
