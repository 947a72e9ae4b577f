import type { Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import type { ApiPorts } from '../api/ports.ts';
import { toPlace } from '../api/reports.ts';
import { addDays, type Day, dayAt, daysOfMonth, isDay, monthOf } from '../calendar/day.ts';
import type { Summary } from '../metrics/summary.ts';
import { problemOf } from '../observability/redact.ts';
import { ReportReader } from '../pipeline/report-reader.ts';
import { type Html, html } from '../report/formats/mail-page.ts';
import { onlyMark } from '../report/locale-formatter.ts';
import type { ReportPlace } from '../storage/layout.ts';
import {
  findAttempts,
  findCoverage,
  findNeighbours,
  findNewest,
  type Neighbours,
  type Now,
  readCalendarDays,
} from './days.ts';
import { acceptedLanguage, DAYS_A_WEEK, isMonth, pageFormatter, requestedLanguage } from './locale.ts';
import { DAY_FORMS, Links, type Page, renderPage, toSearch, type Visit } from './page.ts';
import { isYear, readYear, renderMonth, renderYear } from './pages/calendar.ts';
import { besideLinks, renderDay } from './pages/day.ts';
import {
  renderBroken,
  renderFailure,
  renderNothing,
  renderUnproven,
  renderUnreadable,
} from './pages/open-day.ts';
import { readSearchQuery, renderSearch, searchDays } from './pages/search.ts';
import { readTrends, readWeeks, renderTrends } from './pages/trends.ts';
import { besideSection, renderNoneBeside, renderTwoDays } from './pages/two-days.ts';
import { FAVICON, FAVICON_PATH, STYLESHEET } from './stylesheet.ts';

export type PagePorts = Pick<ApiPorts, 'lake' | 'account' | 'clock' | 'log'>;

/**
 * A page loads only our own stylesheet and icon, runs no script, and cannot be shown inside another page. It holds customers'
 * names: so only the reader's own cache may keep it, and its links do not tell other sites where they stood.
 */
export const WEB_PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'Cache-Control': 'private, no-cache',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  Vary: 'Accept-Language',
};

/** For files whose name holds their hash. */
const KEPT = { 'Cache-Control': 'public, max-age=31536000, immutable', 'X-Content-Type-Options': 'nosniff' };

interface Answer extends Page {
  readonly status: 200 | 404 | 500;
}

/**
 * Adds the pages: the calendar, the report of each day, trends, and the search.
 *
 * @param base the path below which browsers find the pages; empty for the top
 */
export function addPages(app: Hono, ports: PagePorts, base = ''): void {
  const page = (make: (visit: Visit, context: Context) => Promise<Answer>) => async (context: Context) => {
    const visit = toVisit(context, ports, base);
    try {
      return send(await make(visit, context), visit, context);
    } catch (error) {
      const { method } = context.req;
      ports.log({ event: 'request-failed', method, route: 'a page', problem: problemOf(error) });
      return send(errorPage(visit), visit, context);
    }
  };
  app.get(
    '/',
    etag(),
    page((visit, { req }) => calendarPage(req.query('month'), visit, ports)),
  );
  app.get(
    '/days/:day',
    etag(),
    page((visit, { req }) => dayPage(req.param('day'), req.query('channels'), visit, ports)),
  );
  app.get(
    '/trends',
    etag(),
    page((visit, { req }) => trendsPage(req.query('weeks'), visit, ports)),
  );
  app.get(
    '/search',
    etag(),
    page((visit, { req }) => searchPage(req.query('q'), req.query('before'), visit, ports)),
  );
  // A link cannot send an Accept header. So these addresses ask the API for the format.
  for (const { id, mediaType } of DAY_FORMS) {
    app.get(`/days/:day/${id}`, ({ req }) => {
      const headers = new Headers(req.raw.headers);
      headers.set('Accept', mediaType);
      const { search } = new URL(req.url);
      return app.request(`/reports/${encodeURIComponent(req.param('day'))}${search}`, { headers });
    });
  }
  app.get(STYLESHEET.path, ({ body }) =>
    body(STYLESHEET.text, 200, { ...KEPT, 'Content-Type': 'text/css; charset=utf-8' }),
  );
  app.get(FAVICON_PATH, ({ body }) => body(FAVICON, 200, { ...KEPT, 'Content-Type': 'image/svg+xml' }));
  // A request that accepts no page gets the answer of the API.
  app.get('*', (context, next) => {
    if (!context.req.header('Accept')?.includes('text/html')) return next();
    const visit = toVisit(context, ports, base);
    return Promise.resolve(send(notFoundPage(visit), visit, context));
  });
}

/** How the reader of a request sees its page. */
export function toVisit({ req }: Context, { account }: PagePorts, base: string): Visit {
  const query = req.query();
  const asked = requestedLanguage(query.lang);
  const locale = asked ?? acceptedLanguage(req.header('Accept-Language')) ?? account.locale;
  return {
    formatter: pageFormatter(locale),
    links: new Links(asked, base),
    ticket: account.links.ticket,
    query,
    here: (changes, anchor) =>
      `?${toSearch({ ...query, ...changes })}${anchor === undefined ? '' : `#${anchor}`}`,
    account: account.name,
    timeZone: account.timeZone,
  };
}

function send({ status, ...page }: Answer, visit: Visit, context: Context): Response {
  return context.html(renderPage(page, visit), status, {
    ...WEB_PAGE_HEADERS,
    'Content-Language': visit.formatter.locale,
    // An error may be gone at the next request.
    ...(status !== 200 && { 'Cache-Control': 'no-store' }),
  });
}

async function calendarPage(asked: string | undefined, visit: Visit, ports: PagePorts): Promise<Answer> {
  const { lake } = ports;
  const { formatter } = visit;
  const at = nowOf(ports);
  const { today } = at;
  const { year } = visit.query;
  if (asked === undefined && year !== undefined && isYear(year, today)) {
    const read = await readYear(new ReportReader(lake), year, today);
    return {
      status: 200,
      title: formatter.pageMessages.year(year),
      at: 'calendar',
      body: renderYear(read, visit),
    };
  }
  const isAsked = asked !== undefined && isMonth(asked);
  const newest = await findNewest(new ReportReader(lake), today);
  const month = isAsked ? asked : monthOf(newest ?? today);
  const days = await readCalendarDays(lake, daysOfMonth(month), at);
  const body = renderMonth({ month, days, today, newest }, visit);
  return { status: 200, title: formatter.dates.month(month), at: 'calendar', body };
}

async function dayPage(
  day: string | undefined,
  channels: string | undefined,
  visit: Visit,
  ports: PagePorts,
): Promise<Answer> {
  if (day === undefined || !isDay(day) || !isMonth(monthOf(day))) {
    return notFoundPage(visit, visit.formatter.pageMessages.noSuchDay);
  }
  const { lake, account, clock } = ports;
  const place = toPlace(day, channels, account);
  const reports = new ReportReader(lake);
  const stored = await reports.find(place);
  const neighbours = await findNeighbours(reports, day, nowOf(ports).today);
  const beside = (await reports.beside(day)).filter(({ only }) => only.join() !== place.only?.join());
  const others = place.only === undefined ? beside : [{ day }, ...beside];
  if (stored.state === 'unreadable') {
    const body = html`${renderUnreadable(place, stored.why, neighbours, visit)}${besideLinks(others, visit)}`;
    return { status: 200, title: titleOf({ day }, visit), at: null, body };
  }
  if (stored.state === 'none') {
    return place.only === undefined
      ? openDayPage(day, neighbours, others, visit, ports)
      : notFoundPage(visit);
  }
  const { summary } = stored;
  if (visit.query.with !== undefined) {
    return await twoDaysPage(summary, visit.query.with, neighbours, visit, reports);
  }
  const report = await reports.inputFor(summary, visit.formatter.locale, {
    seenAt: clock.now(),
    links: account.links,
  });
  const weekBefore = await findWeekBefore(reports, place);
  const body = html`${renderDay(report, neighbours, visit, besideSection(summary, weekBefore, visit))}${besideLinks(others, visit)}`;
  return { status: 200, title: titleOf(place, visit), at: null, body };
}

/** The same weekday a week before; null where it has no report, or where the report is of some channels only. */
async function findWeekBefore(reports: ReportReader, { day, only }: ReportPlace): Promise<Day | null> {
  const before = addDays(day, -DAYS_A_WEEK);
  return only === undefined && (await reports.days(before, before)).length > 0 ? before : null;
}

async function twoDaysPage(
  summary: Summary,
  asked: string,
  neighbours: Neighbours,
  visit: Visit,
  reports: ReportReader,
): Promise<Answer> {
  const { report, pageMessages } = visit.formatter;
  const { day, only } = summary;
  const isNamed = isDay(asked) && isMonth(monthOf(asked)) && asked !== day;
  const beside = isNamed ? await reports.read({ day: asked, ...(only && { only }) }) : null;
  if (beside === null) {
    const name = isNamed ? report.format.day(asked) : '';
    const body = renderNoneBeside(summary, name, neighbours, visit);
    return { status: 404, title: titleOf(summary, visit), at: null, body };
  }
  const title = pageMessages.twoDays(report.format.day(day), report.format.day(beside.day));
  return { status: 200, title, at: null, body: renderTwoDays(summary, beside, neighbours, visit) };
}

async function openDayPage(
  day: Day,
  neighbours: Neighbours,
  others: readonly ReportPlace[],
  visit: Visit,
  ports: PagePorts,
): Promise<Answer> {
  const { lake, account } = ports;
  const at = nowOf(ports);
  const answer = (status: Answer['status'], body: Html): Answer => ({
    ...{ status, title: titleOf({ day }, visit), at: null },
    body: html`${body}${besideLinks(others, visit)}`,
  });
  const attempt = (await findAttempts(lake, [day], at.now)).get(day);
  if (attempt === undefined || attempt.state === 'reported') {
    return answer(404, renderNothing(day, day < at.today, neighbours, visit));
  }
  if (attempt.state !== 'unproven') return answer(200, renderBroken(attempt, neighbours, visit));
  const completeness = await findCoverage(lake, attempt, account.channels);
  return answer(200, renderUnproven(attempt, completeness, neighbours, visit));
}

async function trendsPage(asked: string | undefined, visit: Visit, ports: PagePorts): Promise<Answer> {
  const trends = await readTrends(ports.lake, readWeeks(asked), nowOf(ports));
  return {
    status: 200,
    title: visit.formatter.pageMessages.trends,
    at: 'trends',
    body: renderTrends(trends, visit),
  };
}

/** The typed text is personal data. It stands in the address, which our logs leave out, and not in the title. */
async function searchPage(
  typed: string | undefined,
  asked: string | undefined,
  visit: Visit,
  ports: PagePorts,
): Promise<Answer> {
  const { today } = nowOf(ports);
  const before = asked !== undefined && isDay(asked) && asked < today ? asked : today;
  const query = typed === undefined || typed.trim() === '' ? null : readSearchQuery(typed);
  const found =
    query === null || typeof query === 'string'
      ? null
      : await searchDays(new ReportReader(ports.lake), query, before);
  const body = renderSearch({ typed: typed ?? '', query, found }, visit);
  return { status: 200, title: visit.formatter.pageMessages.search.title, at: 'search', body };
}

function errorPage(visit: Visit): Answer {
  const { brokenTitle: title, brokenWhy: why } = visit.formatter.pageMessages;
  return { status: 500, title, at: null, body: renderFailure(title, why, visit) };
}

function notFoundPage(visit: Visit, why = visit.formatter.pageMessages.notFoundWhy): Answer {
  const { notFoundTitle: title } = visit.formatter.pageMessages;
  return { status: 404, title, at: null, body: renderFailure(title, why, visit) };
}

function titleOf(place: ReportPlace, { formatter: { report } }: Visit): string {
  return [report.messages.title(report.format.day(place.day)), ...onlyMark(place, report)].join(' · ');
}

function nowOf({ clock, account }: PagePorts): Now {
  const now = clock.now();
  return { now, today: dayAt(now, account.timeZone) };
}
