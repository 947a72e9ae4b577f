import * as z from 'zod';
import { addDays, countDays, type Day, dayAt } from '../calendar/day.ts';
import { toZonedIso } from '../calendar/time-zone.ts';
import { CHANNELS } from '../chats/channel.ts';
import { headlineFigures } from '../metrics/rates.ts';
import { day as dayText, storedSummary } from '../metrics/summary.ts';
import { countsOf, toWorkList, type WorkItem, type WorkList } from '../metrics/work-list.ts';
import { ReportReader, type Unreadable } from '../pipeline/report-reader.ts';
import type { Digest } from '../report/digest.ts';
import {
  contentTypeOf,
  FIGURES,
  fileNameOf,
  OFFERS,
  PAGE,
  type ReportFormat,
  TEXT_FORMATS,
} from '../report/formats.ts';
import { type ReportPlace, reportKey } from '../storage/layout.ts';
import type { Lake } from '../storage/object-store.ts';
import { toJsonText, toStrictJson } from '../text/write-json.ts';
import * as schemas from './openapi.ts';
import type { ApiPorts } from './ports.ts';
import {
  answerWith,
  NO_INPUT,
  negotiate,
  PAGE_HEADERS,
  Problem,
  type Route,
  route,
  toBytes,
} from './route.ts';

/** Reads a whole object of at most so many bytes. @returns null where there is no object */
async function readWithin(
  lake: Pick<Lake, 'get'>,
  key: string,
  mostBytes: number,
): Promise<Uint8Array<ArrayBuffer> | 'too-large' | null> {
  const stream = await lake.get(key);
  if (stream === null) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) return 'too-large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Lambda answers with at most 6 MB, and a text grows when it is encoded. */
const MOST_BYTES = 4_000_000;
const MOST_DAYS_LISTED = 366;
const DAYS_LISTED = 30;

const TYPES = OFFERS.map(({ mediaType }) => mediaType);
const AS_EACH = OFFERS.map(({ noun }) => `as ${noun}`);
const SAVED = OFFERS.filter(({ isSaved }) => isSaved).map(({ noun }) => noun.replace(/^an? /, 'the '));

/** `a, b or c`. `Intl.ListFormat` writes the same, and takes a tenth of the start of a function to load. */
function inWords(items: readonly string[], word: 'and' | 'or'): string {
  return [items.slice(0, -1).join(', '), ...items.slice(-1)].filter(Boolean).join(` ${word} `);
}

const dayParams = z.object({ day: dayText });
const reportQuery = z.strictObject({
  channels: schemas.channelNames.optional().meta({
    description: "Only these channels, where such a report was made beside the day's own",
  }),
});

/** The place of the requested report. With all channels of the account, it is the day's own. */
export function toPlace(day: Day, channels: string | undefined, account: ApiPorts['account']): ReportPlace {
  const names = channels?.split(',') ?? account.channels;
  const only = CHANNELS.filter((channel) => names.includes(channel));
  return only.join() === account.channels.join() ? { day } : { day, only };
}

/** The path of a report in the API, with its channels where it is not the day's own. */
export function pathOf({ day, only }: ReportPlace): string {
  return only === undefined ? `/reports/${day}` : `/reports/${day}?channels=${only.join()}`;
}

export function oneReport(ports: ApiPorts): Route {
  return route({
    method: 'get',
    path: '/reports/{day}',
    id: 'readReport',
    title: "A day's report",
    description:
      `${inWords(AS_EACH, 'or').replace('as', 'As')}, by \`Accept\`; figures by default. Page and text show the time that is left of a deadline at the ` +
      'moment of the request. With `If-None-Match` the report is sent only where it has changed.',
    input: z.object({ ...NO_INPUT, params: dayParams, query: reportQuery }),
    answers: {
      200: {
        description: `The report; ${inWords(SAVED, 'and')} with a file name`,
        headers: { ETag: 'Of this format of the report' },
        content: {
          ...Object.fromEntries(OFFERS.map(({ mediaType }) => [mediaType, z.unknown()])),
          ...Object.fromEntries(TEXT_FORMATS.map(({ mediaType }) => [mediaType, null])),
          [FIGURES.mediaType]: storedSummary,
        },
      },
      304: { description: 'It has not changed' },
      307: {
        description: 'The report is too large for an answer',
        headers: { Location: 'Its address for a few minutes, which needs no signature' },
      },
      400: { description: 'Something is wrong with the request' },
      404: { description: 'There is no report of the day, or its figures cannot be read' },
      406: { description: 'The report has none of the formats in `Accept`' },
      500: { description: 'Something went wrong here' },
    },
    async handle({ params: { day }, query: { channels } }, context) {
      const place = toPlace(day, channels, ports.account);
      const vary = { vary: 'accept' };
      const type = negotiate(context.req.header('accept'), TYPES);
      const format = OFFERS.find(({ mediaType }) => mediaType === type);
      if (format === undefined) {
        const errors = [{ header: 'Accept', detail: `can be ${TYPES.join(', ')}` }];
        throw new Problem(406, `A report is to be had as ${TYPES.join(', ')}.`, { errors, headers: vary });
      }
      const key = reportKey(place, format.file);
      const most = ports.presigner === null ? Number.POSITIVE_INFINITY : MOST_BYTES;
      const bytes = (await renderNow(place, format, ports)) ?? (await readWithin(ports.lake, key, most));
      if (bytes === null) throw new Problem(404, explainMissing(place, ports), { headers: vary });
      if (bytes === 'too-large') {
        const location = (await ports.presigner?.presign(key)) ?? '';
        return new Response(null, {
          status: 307,
          headers: { location, 'cache-control': 'no-store', ...vary },
        });
      }
      const headers = {
        ...vary,
        ...(format === PAGE && PAGE_HEADERS),
        ...(format.isSaved && (await savingHeaders(place, format, ports))),
      };
      const content = { bytes: forStrictReaders(bytes, format), type: contentTypeOf(format), headers };
      const answer = answerWith(context, content);
      if (answer.status === 200 && format === FIGURES) await assertReadable(place, ports, vary);
      return answer;
    },
  });
}

/** A text shows the time left of a deadline: so it is rendered now. @returns null for a format that is only stored */
async function renderNow(
  place: ReportPlace,
  format: ReportFormat,
  { lake, clock, account }: ApiPorts,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const text = TEXT_FORMATS.find((one) => one === format);
  if (text === undefined) return null;
  const reports = new ReportReader(lake);
  const summary = await reports.read(place);
  if (summary === null) return null;
  const { locale, links } = account;
  const input = await reports.inputFor(summary, locale, { seenAt: clock.now(), links });
  return new TextEncoder().encode(text.render(input));
}

async function savingHeaders(place: ReportPlace, format: ReportFormat, { lake, account }: ApiPorts) {
  const digest = await new ReportReader(lake).digest(place);
  // The name is ASCII without quotes, so it needs no escape.
  const name = fileNameOf(format, place, digest?.verdict ?? 'proven', account);
  return { 'content-disposition': `attachment; filename="${name}"` };
}

/** A summary of an earlier version may hold half of a surrogate pair. Most hold none: they are not parsed, because some are large. */
function forStrictReaders(bytes: Uint8Array<ArrayBuffer>, format: ReportFormat): Uint8Array<ArrayBuffer> {
  const stored = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isMeant = format === FIGURES && stored.includes('\\ud');
  return isMeant ? Buffer.from(toStrictJson(stored.toString())) : bytes;
}

/** Programs rely on the schema of a summary: so another schema is not sent. @throws Problem */
async function assertReadable(
  place: ReportPlace,
  { lake }: ApiPorts,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const stored = await new ReportReader(lake).find(place);
  if (stored.state !== 'unreadable') return;
  throw new Problem(404, explainUnreadable(place, stored), { headers });
}

function explainUnreadable(place: ReportPlace, { why }: Pick<Unreadable, 'why'>): string {
  return why === 'newer'
    ? `The report of ${describePlace(place)} cannot be read here: a newer version of this program made it.`
    : `The report of ${describePlace(place)} is damaged. Ask for it again with POST /reports and the body ${bodyFor(place)}.`;
}

function describePlace({ day, only }: ReportPlace): string {
  return only === undefined ? day : `${only.join(', ')} alone on ${day}`;
}

function bodyFor({ day, only }: ReportPlace): string {
  return toJsonText({ day, ...(only && { channels: only }) });
}

function explainMissing(place: ReportPlace, { account, clock }: Pick<ApiPorts, 'account' | 'clock'>): string {
  const { day } = place;
  const what = describePlace(place);
  // A day this old may have a report, but none can be requested.
  if (!schemas.requestedDay.safeParse(day).success) return `There is no report of ${what}.`;
  const isOver = day < dayAt(clock.now(), account.timeZone);
  return isOver
    ? `There is no report of ${what} yet. Ask for it with POST /reports and the body ${bodyFor(place)}.`
    : `There is no report of ${day}: the day is not over yet in ${account.timeZone}.`;
}

export function listReports(ports: ApiPorts): Route {
  const { lake, clock, account } = ports;
  const always = { when: () => true };
  return route({
    method: 'get',
    path: '/reports',
    id: 'listReports',
    title: 'The reports there are',
    description: 'The days that have a report, oldest first, with the headline figures of each.',
    input: z.object({
      ...NO_INPUT,
      query: z
        .strictObject({
          from: schemas.requestedDay
            .optional()
            .meta({ description: `${DAYS_LISTED} days up to \`to\` by default` }),
          to: schemas.requestedDay.optional().meta({
            description: `Yesterday by default; at most ${MOST_DAYS_LISTED} days from \`from\` on`,
          }),
        })
        .refine((query) => !isReversedRange(toRange(query, ports)), {
          error: 'is after to',
          path: ['from'],
          ...always,
        })
        .refine((query) => !isTooLongRange(toRange(query, ports)), {
          error: `makes more than ${MOST_DAYS_LISTED} days`,
          path: ['to'],
          ...always,
        }),
    }),
    answers: {
      200: {
        description: 'The days that have a report',
        headers: { ETag: 'Of the list' },
        content: { 'application/json': schemas.reportList },
      },
      304: { description: 'It has not changed' },
      400: { description: 'Something is wrong with the request' },
      500: { description: 'Something went wrong here' },
    },
    async handle({ query }, context) {
      const { from, to } = toRange(query, { clock, account });
      const reports = new ReportReader(lake);
      const list = (await reports.digests(await reports.days(from, to))).map(toHeadline);
      return answerWith(context, { bytes: toBytes({ from, to, days: list }), type: 'application/json' });
    },
  });
}

interface Range {
  readonly from: Day;
  readonly to: Day;
}

/** The range with its defaults. The schema reports a wrong day, and the default stands in for it. */
function toRange(
  { from, to }: { readonly from?: unknown; readonly to?: unknown },
  { clock, account }: Pick<ApiPorts, 'clock' | 'account'>,
): Range {
  const isGiven = (value: unknown): value is Day => schemas.requestedDay.safeParse(value).success;
  const last = isGiven(to) ? to : addDays(dayAt(clock.now(), account.timeZone), -1);
  return { from: isGiven(from) ? from : addDays(last, 1 - DAYS_LISTED), to: last };
}

const isReversedRange = ({ from, to }: Range): boolean => from > to;
const isTooLongRange = ({ from, to }: Range): boolean => countDays(from, to) > MOST_DAYS_LISTED;

function toHeadline(digest: Digest): z.input<typeof schemas.headline> {
  const { day, missing, generatedAt, totals, callbacks } = digest;
  const { figures } = headlineFigures(digest);
  return {
    ...{ day, report: pathOf({ day }), verdict: missing ? 'partial' : 'proven' },
    ...(missing && { missing: [...missing] }),
    ...{ generatedAt, channels: [...totals.channels], ...figures, callbacks },
  };
}

/** An answer has room for so many customers, even with the longest names and addresses. */
const MOST_AT_ONCE = 2_000;

/** The waiting customers of a day's report, in the order of work: the same as in mail, page and workbook. */
export function waitingList({ lake, account, clock }: ApiPorts): Route {
  return route({
    method: 'get',
    path: '/reports/{day}/waiting',
    id: 'listWaiting',
    title: 'Waiting customers',
    description:
      'The customers who were missed and not answered since, in the order of work: first those who can be answered only ' +
      'until soon, then those who can be reached, last those who cannot. Contacts are masked where the report masks them.',
    input: z.object({
      ...NO_INPUT,
      params: z.object({ day: dayText }),
      query: reportQuery.extend({
        from: z
          .string()
          .regex(/^[1-9]\d{0,8}$/, { error: 'is no whole number from 1' })
          .transform(Number)
          .optional()
          .meta({
            description: `The number of the first customer in the answer, 1 by default; an answer holds at most ${MOST_AT_ONCE}`,
          }),
      }),
    }),
    answers: {
      200: {
        description: 'The waiting customers',
        headers: { ETag: 'Of the list' },
        content: { 'application/json': schemas.waitingListSchema },
      },
      304: { description: 'It has not changed' },
      400: { description: 'Something is wrong with the request' },
      404: { description: 'There is no report of the day, or its figures cannot be read' },
      500: { description: 'Something went wrong here' },
    },
    async handle({ params: { day }, query: { channels, from = 1 } }, context) {
      const place = toPlace(day, channels, account);
      const reports = new ReportReader(lake);
      const stored = await reports.find(place);
      if (stored.state === 'none') throw new Problem(404, explainMissing(place, { account, clock }));
      if (stored.state === 'unreadable') throw new Problem(404, explainUnreadable(place, stored));
      const { summary } = stored;
      const waiting = await reports.waitingFor(summary);
      const list = toWorkList(summary, waiting);
      const rows = toCustomers(list);
      const upTo = from - 1 + MOST_AT_ONCE;
      const answer: z.input<typeof schemas.waitingListSchema> = {
        day,
        asOf: waiting?.asOf ?? summary.generatedAt,
        isFollowed: waiting !== null,
        ...(waiting !== null && { unread: waiting.open.failed.map(({ channel }) => channel) }),
        soonUntil: toZonedIso(list.soonUntil / 1_000, summary.timeZone),
        counts: { ...countsOf(list) },
        customers: rows.slice(from - 1, upTo),
        ...(upTo < rows.length && { next: waitingPathOf(day, channels, upTo + 1) }),
      };
      return answerWith(context, { bytes: toBytes(answer), type: 'application/json' });
    },
  });
}

function toCustomers({ soon, next, unreachable }: WorkList) {
  const inGroup = (group: schemas.WaitingGroup, items: readonly WorkItem[]) =>
    items.map((one) => ({ ...one, channels: [...one.channels], callbacks: [...one.callbacks], group }));
  const all = [...inGroup('soon', soon), ...inGroup('next', next), ...inGroup('unreachable', unreachable)];
  return all.map(({ group, reach, ...one }, place) => ({ number: place + 1, group, reach, ...one }));
}

function waitingPathOf(day: string, channels: string | undefined, from: number): string {
  const query = [...(channels === undefined ? [] : [`channels=${channels}`]), `from=${from}`];
  return `/reports/${day}/waiting?${query.join('&')}`;
}
