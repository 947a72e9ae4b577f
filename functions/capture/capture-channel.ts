import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Channel } from '../chat/channel.ts';
import type { RowReading } from '../chat/parse-chat.ts';
import { newCaptureId } from '../lake/capture-id.ts';
import { findCaptures, sha256 } from '../lake/captures.ts';
import { capturePrefix, MANIFEST_NAME, pageName } from '../lake/keys.ts';
import type { Lake } from '../lake/lake.ts';
import { type Manifest, type ManifestPage, writeManifest } from '../lake/manifest.ts';
import type { Clock } from '../time/clock.ts';
import type { Day } from '../time/report-day.ts';
import type { CareSoft, ChatsAnswer } from './caresoft.ts';
import { type ChatsQuery, type PageNumber, toSearchParams } from './chats-query.ts';
import type { ChannelCompleteness } from './completeness.ts';
import { dayQuery } from './day-query.ts';
import { UnavailableError } from './errors.ts';
import { explainFailure } from './explain-failure.ts';
import type { Filters } from './filters.ts';
import { judge, type WalkFindings } from './prove.ts';
import { RowTally } from './row-tally.ts';
import { walk } from './walk.ts';

const pack = promisify(gzip);
const MOST_WALKS = 3;

export interface CaptureRequest {
  readonly day: Day;
  readonly channel: Channel;
  readonly filters: Filters;
  readonly reading: RowReading;
  /** Ask CareSoft even where the day is proven already. */
  readonly refresh: boolean;
}

export interface CapturePorts {
  readonly caresoft: Pick<CareSoft, 'askChats'>;
  readonly lake: Lake;
  readonly clock: Clock;
  readonly onPage?: (page: CapturedPage) => void;
}

export interface CapturedPage {
  readonly channel: Channel;
  readonly walk: number;
  /** Different rows so far. */
  readonly rows: number;
  readonly numFound: number;
}

/**
 * Brings the chats of one day and channel into the lake, and says whether they are all there.
 * A channel that is proven already is not asked again; an unproven one is walked up to three times.
 */
export async function captureChannel(
  request: CaptureRequest,
  ports: CapturePorts,
): Promise<ChannelCompleteness> {
  const query = dayQuery(request.day, request.channel, request.filters, request.reading);
  if (!request.refresh) {
    const proven = await findProven(ports.lake, request, query);
    if (proven) return toChannelCompleteness(proven);
  }
  let previous: WalkFindings | null = null;
  let completeness: ChannelCompleteness = NOTHING_READ;
  for (let number = 1; number <= MOST_WALKS; number += 1) {
    try {
      const { manifest, findings } = await captureOnce(request, query, number, previous, ports);
      completeness = toChannelCompleteness(manifest);
      if (manifest.verdict === 'proven') break;
      previous = findings;
    } catch (error) {
      const failure = explainFailure(error, ports.clock.now());
      if (failure === null) throw error;
      return { ...completeness, verdict: 'unproven', ...failure };
    }
  }
  return completeness;
}

/** The latest proven capture that answers this query; null when there is none. */
async function findProven(lake: Lake, { day, channel, reading }: CaptureRequest, query: ChatsQuery) {
  let latest: Manifest | null = null;
  for await (const manifest of findCaptures(lake, day, channel)) {
    const answers =
      manifest.query === toSearchParams(query).toString() &&
      manifest.timeZone === reading.zone.name &&
      manifest.clock === reading.clock;
    if (answers && manifest.verdict === 'proven') latest = manifest;
  }
  return latest;
}

async function captureOnce(
  request: CaptureRequest,
  query: ChatsQuery,
  number: number,
  previous: WalkFindings | null,
  { caresoft, lake, clock, onPage }: CapturePorts,
): Promise<{ manifest: Manifest; findings: WalkFindings }> {
  const { day, channel, reading } = request;
  const startedAt = clock.now();
  const captureId = newCaptureId(startedAt);
  const prefix = capturePrefix(day, channel, captureId);
  const tally = new RowTally(day, channel, reading);
  const pages: Omit<ManifestPage, 'superseded'>[] = [];

  const counted = await walk(
    {
      ask: (page, signal) => askNamed(caresoft, query, page, signal),
      async keep(page, answer) {
        await lake.put(`${prefix}${pageName(page)}`, await packPage(answer.body));
        pages.push(describePage(page, answer));
        onPage?.({ channel, walk: number, rows: tally.unique, numFound: answer.numFound });
      },
    },
    tally,
  );

  const counts = tally.toCounts();
  const findings = { ...counted, counts, fingerprint: tally.fingerprint };
  const manifest: Manifest = {
    schema: 'chat-report/capture/1',
    captureId,
    day,
    channel,
    timeZone: reading.zone.name,
    clock: reading.clock,
    query: toSearchParams(query).toString(),
    walk: number,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(clock.now()).toISOString(),
    pages: pages.map((page) => ({ ...page, superseded: [...tally.supersededOn(page.page)] })),
    numFoundBefore: counted.before,
    numFoundAfter: counted.after,
    ...counts,
    drift: tally.drift,
    fingerprint: tally.fingerprint,
    ...judge(findings, previous),
  };
  await lake.put(`${prefix}${MANIFEST_NAME}`, writeManifest(manifest));
  return { manifest, findings };
}

/** Whoever reads of the failure is told which page it was. */
async function askNamed(
  caresoft: Pick<CareSoft, 'askChats'>,
  query: ChatsQuery,
  page: PageNumber,
  signal: AbortSignal,
): Promise<ChatsAnswer> {
  try {
    return await caresoft.askChats(query, page, signal);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    throw new UnavailableError(`page ${page.page}: ${error.message}`, { cause: error });
  }
}

/** Level 1: at a day of a million chats the higher levels cost more time than everything else together. */
function packPage(body: Uint8Array): Promise<Uint8Array> {
  return pack(body, { level: constants.Z_BEST_SPEED });
}

function describePage(page: number, answer: ChatsAnswer): Omit<ManifestPage, 'superseded'> {
  const { params, status, body, numFound, rows, askedAt, answeredAt } = answer;
  return {
    page,
    params,
    status,
    bytes: body.byteLength,
    sha256: sha256(body),
    numFound,
    rows: rows.length,
    askedAt,
    answeredAt,
  };
}

const NOTHING_READ: ChannelCompleteness = {
  verdict: 'unproven',
  numFoundBefore: null,
  numFoundAfter: null,
  pages: 0,
  rows: 0,
  unique: 0,
  duplicates: 0,
  conflicts: 0,
  rejected: 0,
  outsideDay: 0,
  captureId: null,
};

function toChannelCompleteness(manifest: Manifest): ChannelCompleteness {
  const { verdict, reason, detail, numFoundBefore, numFoundAfter, rows, unique, captureId } = manifest;
  const { duplicates, conflicts, rejected, outsideDay } = manifest;
  return {
    verdict,
    ...(reason && { reason }),
    ...(detail && { detail }),
    numFoundBefore,
    numFoundAfter,
    pages: manifest.pages.length,
    rows,
    unique,
    duplicates,
    conflicts,
    rejected,
    outsideDay,
    captureId,
  };
}
