import type { Channel } from '../chat/channel.ts';
import { toUtf8 } from '../chat/charset.ts';
import type { RowReading } from '../chat/parse-chat.ts';
import type { KeepOut } from '../keep-out/keep-out.ts';
import { readKeepOut } from '../keep-out/kept-list.ts';
import { redactPage } from '../keep-out/redact-page.ts';
import type { Log } from '../log/log.ts';
import { newCaptureId } from '../storage/capture-id.ts';
import { DamagedCaptureError, packPage, readKeptPage, readRows, sha256 } from '../storage/captures.ts';
import { capturePrefix, cursorKey, pageName } from '../storage/keys.ts';
import { type Lake, readObject } from '../storage/lake.ts';
import { type Cursor, cursors, type Manifest, manifests } from '../storage/manifest.ts';
import type { Clock } from '../time/clock.ts';
import type { Day } from '../time/report-day.ts';
import type { CareSoft, ChatsAnswer } from './caresoft.ts';
import { type ChatsQuery, LARGEST_PAGE, toSearchParams } from './chats-query.ts';
import type { ChannelCompleteness } from './completeness.ts';
import { explainOrThrow, type Failure } from './explain-failure.ts';
import { isFaultOfAll, settingBehind } from './faulty-setting.ts';
import type { Filters } from './filters.ts';
import { judge, type WalkFindings } from './prove.ts';
import { RowTally } from './row-tally.ts';
import { type KeptPages, type WalkCounts, type WalkPorts, walk } from './walk.ts';

export interface CaptureRequest {
  readonly day: Day;
  readonly channel: Channel;
  readonly filters: Filters;
  readonly reading: RowReading;
  /** Whose CareSoft is asked: its address without the token. */
  readonly source: string;
  /** Captures that ended before this instant, ISO 8601, do not count; null when each does. */
  readonly since: string | null;
}

export interface CapturePorts {
  readonly caresoft: Pick<CareSoft, 'askChats' | 'hasAnswered'>;
  readonly lake: Lake;
  readonly clock: Clock;
  readonly log: Log;
}

/** When a walk is to be left. */
export interface Until {
  /** After the page that is kept at this time, in milliseconds since 1970; the walk can be gone on with. */
  readonly stopAt?: number;
  /** At once, with the signal's reason: the lease was lost. */
  readonly signal?: AbortSignal;
}

/** A walk that has just begun, or that an earlier part of has come somewhere. */
export type Walking = Omit<Cursor, 'schema'>;

export function beginWalk(
  { reading, source }: CaptureRequest,
  query: ChatsQuery,
  number: number,
  previous: WalkFindings | null,
  clock: Clock,
): Walking {
  const now = clock.now();
  return {
    captureId: newCaptureId(now),
    source,
    query: toSearchParams(query).toString(),
    timeZone: reading.zone.name,
    clock: reading.clock,
    walk: number,
    startedAt: new Date(now).toISOString(),
    pages: [],
    previous,
  };
}

/** How a walk ended. What broke off can be gone on with. */
export type Walked =
  | { readonly state: 'ended'; readonly manifest: Manifest; readonly findings: WalkFindings }
  | { readonly state: 'time-up' }
  | { readonly state: 'broken-off'; readonly failure: Failure; readonly read: Read };

/** What was kept of a walk that has not come to its end. */
export type Read = Pick<
  ChannelCompleteness,
  'numFoundBefore' | 'pages' | 'rows' | 'unique' | 'duplicates' | 'conflicts' | 'rejected' | 'outsideDay'
>;

/**
 * Walks once over a channel, or on from where a walk was left: each page goes into the lake as it comes, then how far
 * the walk is; at its end the manifest makes a capture of them.
 *
 * @throws what is none of CareSoft's failures
 */
export async function captureOnce(
  request: CaptureRequest,
  query: ChatsQuery,
  walking: Walking,
  { caresoft, lake, clock, log }: CapturePorts,
  { stopAt = Number.POSITIVE_INFINITY, signal }: Until,
): Promise<Walked> {
  const { day, channel, reading } = request;
  const { captureId, walk: number } = walking;
  const prefix = capturePrefix(day, channel, captureId);
  const tally = new RowTally(day, channel, reading);
  const pages = [...walking.pages];
  const keepOut = await readKeepOut(lake);
  const kept = await tallyKept(request, walking, lake, tally);
  let isCounting = false;

  const ports: WalkPorts = {
    async ask(page, stop) {
      // Of what is kept already only the count is asked for, once more at the end.
      isCounting = page.page <= pages.length;
      const answer = await caresoft.askChats(query, page, stop, (retry) =>
        log({ event: 'request-repeated', channel, ...retry }),
      );
      return withoutErased(answer, channel, keepOut);
    },
    async keep(page, answer) {
      // A run that lost the lease must not write into what its new holder goes on with.
      signal?.throwIfAborted();
      await keepPage(lake, channel, `${prefix}${pageName(page)}`, answer.body);
      signal?.throwIfAborted();
      pages.push(describePage(page, answer));
      await cursors.write(lake, request, { schema: 'chat-report/cursor/1', ...walking, pages });
      log({
        event: 'page-kept',
        channel,
        walk: number,
        page,
        rows: tally.unique,
        numFound: answer.numFound,
      });
    },
    isTimeUp: () => clock.now() >= stopAt,
  };
  let counted: WalkCounts | null;
  try {
    counted = await walk(ports, tally, { kept, pageSize: pageSizeAfter(walking.previous), signal });
  } catch (error) {
    const hasRead = pages.length > 0 || number > 1;
    const failure = explainOrThrow(error, clock.now());
    const setting = settingBehind(error, hasRead || caresoft.hasAnswered === true);
    const place = isCounting ? 'the closing count' : `page ${pages.length + 1}`;
    return {
      state: 'broken-off',
      failure: {
        ...placed(failure, place, hasRead),
        ...(setting && { setting }),
        ...(isFaultOfAll(error) && { holdsForAll: true }),
      },
      read: readOf(pages, tally),
    };
  }
  if (counted === null) return { state: 'time-up' };

  const { manifest, findings } = conclude(request, { ...walking, pages }, counted, tally, clock);
  await manifests.write(lake, manifest, manifest);
  await lake.delete(cursorKey(day, channel));
  return { state: 'ended', manifest, findings };
}

/** What lies in the lake of a walk that was left. */
export async function readKept(
  { day, channel, reading }: CaptureRequest,
  walking: Walking,
  lake: Lake,
): Promise<Read> {
  const tally = new RowTally(day, channel, reading);
  await tallyKept({ day, channel }, walking, lake, tally);
  return readOf(walking.pages, tally);
}

function readOf(pages: Walking['pages'], tally: RowTally): Read {
  const { rows, unique, duplicates, conflicts, rejected, outsideDay } = tally.toCounts();
  const counts = { rows, unique, duplicates, conflicts, rejected, outsideDay };
  return { numFoundBefore: pages.at(0)?.numFound ?? null, pages: pages.length, ...counts };
}

/** A failure says at what it happened, but for one of the first request that is understood without. */
function placed(failure: Failure, place: string, hasAnswered: boolean): Failure {
  const isPlain = failure.reason !== 'unavailable' && !hasAnswered;
  return isPlain ? failure : { ...failure, detail: `${place}: ${failure.detail ?? 'no answer'}` };
}

/**
 * A walk that is to confirm another cuts the rows at other places: what is lost where two pages meet, because a server
 * orders equals differently each time, is then not lost in the same place twice.
 */
function pageSizeAfter(previous: Walking['previous']): number {
  return previous !== null && previous.rowsOnFirst > 1 ? previous.rowsOnFirst - 1 : LARGEST_PAGE;
}

/** Reads what an earlier part of the walk kept, instead of asking for it again. */
async function tallyKept(
  { day, channel }: Pick<CaptureRequest, 'day' | 'channel'>,
  { captureId, pages }: Walking,
  lake: Lake,
  tally: RowTally,
): Promise<KeptPages | null> {
  const [first, last] = [pages.at(0), pages.at(-1)];
  if (!(first && last)) return null;
  for (const page of pages) tally.addPage(page.page, await readKeptPage(lake, day, channel, captureId, page));
  return { before: first.numFound, rowsOnFirst: first.rows, rowsOnLast: last.rows, pages: pages.length };
}

function conclude(
  { day, channel }: CaptureRequest,
  { previous, pages, ...walking }: Walking,
  counted: WalkCounts,
  tally: RowTally,
  clock: Clock,
): { manifest: Manifest; findings: WalkFindings } {
  const counts = tally.toCounts();
  const rowsOnFirst = pages.at(0)?.rows ?? 0;
  const findings = { ...counted, counts, fingerprint: tally.fingerprint, rowsOnFirst };
  const manifest: Manifest = {
    schema: 'chat-report/capture/1',
    day,
    channel,
    ...walking,
    endedAt: new Date(clock.now()).toISOString(),
    pages: pages.map((page) => ({ ...page, superseded: [...tally.supersededOn(page.page)] })),
    numFoundBefore: counted.before,
    numFoundAfter: counted.after,
    ...counts,
    drift: tally.drift,
    fingerprint: tally.fingerprint,
    ...(tally.findTrouble() ?? judge(findings, previous)),
  };
  return { manifest, findings };
}

/**
 * Before anything is counted or kept: whoever was erased does not come back. Rows stay rows, so that the proof is the
 * same, and the same row always becomes the same, so that two walks still agree.
 */
function withoutErased(answer: ChatsAnswer, channel: Channel, keepOut: KeepOut | null): ChatsAnswer {
  const { charset, ...plain } = answer;
  const redacted = keepOut && redactPage(toUtf8(answer.body, charset), channel, keepOut);
  // What is written anew is UTF-8.
  return redacted === null ? answer : { ...plain, ...redacted, rows: readRows(redacted.body) };
}

/**
 * Puts a page where there is none. Two processes that both go on with one walk, because one of them was believed gone,
 * then never write over each other's pages.
 *
 * @throws DamagedCaptureError when another page is there
 */
async function keepPage(lake: Lake, channel: Channel, key: string, body: Uint8Array): Promise<void> {
  const packed = await packPage(body);
  if (await lake.putIfAbsent(key, packed)) return;
  const there = await readObject(lake, key);
  if (there === null || !there.equals(packed)) {
    throw new DamagedCaptureError(`${key} is another page already`, { channel });
  }
}

function describePage(page: number, answer: ChatsAnswer): Walking['pages'][number] {
  const { params, status, body, charset, numFound, rows, erased, askedAt, answeredAt } = answer;
  return {
    page,
    params,
    status,
    bytes: body.byteLength,
    sha256: sha256(body),
    ...(charset !== undefined && { charset }),
    numFound,
    rows: rows.length,
    ...(erased !== undefined && { erased }),
    askedAt,
    answeredAt,
  };
}
