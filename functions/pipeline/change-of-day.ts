import { isDeepStrictEqual } from 'node:util';
import { CHANNELS, type Channel } from '../chat/channel.ts';
import type { Digest } from '../report/digest.ts';
import type { Change, ChangeKind, ChannelState } from '../storage/changes.ts';
import type { Day } from '../time/report-day.ts';

/** What is written down of a change, but for its place and its moment. */
export type DayChange = Omit<Change, 'schema' | 'sequence' | 'at'>;

/** What was erased: the tombstones of those who left the day. */
export interface Erased {
  readonly tombstones: readonly string[];
}

/**
 * How the rows of a day changed.
 *
 * @param was the headline of what the tables were of; null where there was no report
 * @param is of what they are of now
 * @param erased null where it was no erasure
 */
export function changeOfDay(was: Digest | null, is: Digest, erased: Erased | null): DayChange {
  const [before, after] = [statesOf(was), statesOf(is)];
  const channels = CHANNELS.flatMap((channel) => {
    const [old, now] = [before[channel] ?? null, after[channel] ?? null];
    return old === null && now === null ? [] : [[channel, { was: old, is: now }]];
  });
  return {
    day: is.day,
    kind: erased === null ? kindOf(was, is) : 'erased',
    verdict: is.verdict === 'partial' ? 'partial' : 'proven',
    definitions: is.definitions,
    channels: Object.fromEntries(channels),
    ...tombstonesOf(erased),
  };
}

/** The same of a day without a report. */
export function changeWithoutReport(day: Day, erased: Erased): DayChange {
  return {
    day,
    kind: 'erased',
    verdict: null,
    definitions: null,
    channels: {},
    ...tombstonesOf(erased),
  };
}

function tombstonesOf(erased: Erased | null): Pick<DayChange, 'tombstones'> {
  return erased !== null && erased.tombstones.length > 0 ? { tombstones: [...erased.tombstones] } : {};
}

function kindOf(was: Digest | null, is: Digest): ChangeKind {
  if (was === null) return is.madeUpAt === undefined ? 'made' : 'made-up';
  const lacked = was.missing ?? [];
  if (lacked.some((channel) => is.totals.channels.includes(channel))) return 'completed';
  return isDeepStrictEqual(capturesOf(was), capturesOf(is)) ? 'rebuilt' : 'revised';
}

const capturesOf = (digest: Digest): unknown =>
  Object.entries(statesOf(digest)).map(([channel, { captureId }]) => [channel, captureId]);

/** Of the channels that a report is of. */
function statesOf(digest: Digest | null): Readonly<Partial<Record<Channel, ChannelState>>> {
  if (digest === null) return {};
  const { byChannel, coverage } = digest;
  const states = CHANNELS.flatMap((channel) => {
    const figures = byChannel[channel];
    if (!figures) return [];
    const { chats, answered, missed, other } = figures;
    const captureId = coverage?.[channel]?.captureId ?? null;
    return [[channel, { captureId, chats, answered, missed, other }] as const];
  });
  return Object.fromEntries(states);
}
