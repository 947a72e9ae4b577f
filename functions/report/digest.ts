import * as z from 'zod';
import { coverageSchema, missingChannels, reportedChannels } from '../capture/coverage.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { DEFINITIONS, figures } from '../metrics/measures.ts';
import { type AskedSettings, countedBy, countedByOf } from '../metrics/recipe.ts';
import { type Summary, storedSummary, type Workload } from '../metrics/summary.ts';
import { channel, count, instant, pick, type Read } from '../storage/json-record.ts';
import type { Locale } from './i18n/messages.ts';

/**
 * How the tables of chats and figures are laid out; raised with a new column. Of days before there was this number it is 1:
 * they are derived again, so that engines that take the columns of one file for those of all see each of them.
 */
export const TABLES_LAYOUT = 2;

/** What of a summary stands in its digest too. None of it grows with the number of chats. */
const KEPT = {
  day: true,
  only: true,
  timeZone: true,
  generatedAt: true,
  firstGeneratedAt: true,
  toldAt: true,
  madeUpAt: true,
  definitions: true,
  filters: true,
  targets: true,
  looks: true,
  revisions: true,
  totals: true,
  byChannel: true,
} as const satisfies Partial<Record<keyof Summary, true>>;

const HOURS = 24;
const hourCounts = z.array(count).length(HOURS);

/** The workbook that lies beside a digest: what it was made of, and its bytes. */
const storedWorkbook = z.looseObject({
  /** Equal for two workbooks that say the same. */
  contentHash: z.string(),
  /** Of the file, in hex. */
  sha256: z.string(),
  /** Whether it lists chats, and so may name everyone who wrote that day. */
  listsChats: z.boolean(),
});
export type StoredWorkbook = Read<z.infer<typeof storedWorkbook>>;

const schema = storedSummary.pick(KEPT).extend({
  definitions: count.max(DEFINITIONS),
  schema: z.literal('chat-report/digest/1'),
  /**
   * `current` where all that is derived of the day is of one making, and of what other days are by now; `stale` where other
   * days have changed since; `begun` where it may be of two makings. Until it is derived again the summary is what holds.
   */
  state: z.enum(['current', 'stale', 'begun']),
  verdict: coverageSchema.shape.verdict,
  /** The channels that could not be proven, so that no figure is of them; left out where there is none. */
  missing: z.array(channel).exactOptional(),
  /** When others were to be called back, so that a later day reads the summary only where it has to tell of them. */
  callbackChangesAt: z.array(instant).exactOptional(),
  /** Of each proven channel, by hours from 0 to 23; left out where hours were not counted by channel. */
  chatsByHour: z.partialRecord(channel, hourCounts).exactOptional(),
  /** Of all proven channels, by hours from 0 to 23; left out by versions before. */
  countsByHour: z
    .looseObject({ chats: hourCounts, answered: hourCounts, missed: hourCounts })
    .exactOptional(),
  /** By hours from 0 to 23; left out where an earlier version counted. */
  workload: z
    .looseObject({
      agents: z.array(count).length(HOURS),
      chatsAtOnce: z.array(z.number().min(1).nullable()).length(HOURS),
    })
    .exactOptional(),
  /** Of the chats that began within the hours of business, which `counted` tells; left out where none are set, or known. */
  inside: figures.exactOptional(),
  /** How many customers are to be called back. */
  callbacks: count,
  /** Of the report's forms; null where it is not known. */
  locale: z.enum(['vi', 'en']).nullable(),
  /** Null where it is not known to be of this report. */
  workbook: storedWorkbook.nullable(),
  /** Of the day's tables; left out by versions that had one layout. */
  tables: count.exactOptional(),
  /** What is told of each channel that was asked for, and by which settings they were counted; left out by those versions too. */
  coverage: reportedChannels.exactOptional(),
  counted: countedBy.loose().exactOptional(),
});

/** The headline of a day, `digest.json`: all that lists, the calendar, the trends and the reports of later days read of it. */
export type Digest = Read<z.infer<typeof schema>>;

export function askedOf({ totals, missing = [], filters, timeZone }: Digest): AskedSettings {
  const channels = CHANNELS.filter((one) => totals.channels.includes(one) || missing.includes(one));
  return { channels, filters, timeZone };
}

/** @throws where a parsed file is none that this program could have written */
export function parseDigest(value: unknown): Digest {
  if (!isDigest(value)) throw new TypeError('it is no digest');
  return value;
}

function isDigest(value: unknown): value is Digest {
  return schema.safeParse(value).success;
}

/** As it stands where nothing but the summary is known. */
export function staleDigestOf(summary: Summary, locale: Locale | null = null): Digest {
  return digestOf(summary, { state: 'stale', locale, workbook: null });
}

export function digestOf(
  summary: Summary,
  { state, locale, workbook }: Pick<Digest, 'state' | 'locale' | 'workbook'>,
): Digest {
  const { completeness, callbackChanges, callbacks, workload, businessHours } = summary;
  const missing = missingChannels(completeness);
  const chatsByHour = countByHour(summary);
  return {
    schema: 'chat-report/digest/1',
    state,
    ...pick(summary, ['day', 'only']),
    verdict: completeness.verdict,
    ...(missing.length > 0 && { missing }),
    ...pick(summary, ['timeZone', 'generatedAt', 'firstGeneratedAt', 'toldAt', 'madeUpAt']),
    ...pick(summary, ['definitions', 'filters', 'targets', 'looks', 'revisions']),
    ...(callbackChanges && { callbackChangesAt: callbackChanges.map(({ at }) => at) }),
    ...pick(summary, ['totals', 'byChannel']),
    ...(chatsByHour && { chatsByHour }),
    countsByHour: countsByHourOf(summary),
    ...(workload && { workload: hoursOf(workload) }),
    ...(businessHours && { inside: businessHours.inside }),
    callbacks: callbacks.length,
    locale,
    workbook,
    tables: TABLES_LAYOUT,
    coverage: completeness.channels,
    counted: countedByOf(summary),
  };
}

/** What the missed rate of an hour is of, and how many chats it has. */
export function countsByHourOf({ byHour }: Pick<Summary, 'byHour'>): NonNullable<Digest['countsByHour']> {
  const of = (id: 'chats' | 'answered' | 'missed') => byHour.map((hour) => hour[id]);
  return { chats: of('chats'), answered: of('answered'), missed: of('missed') };
}

function hoursOf({ byHour }: Workload): NonNullable<Digest['workload']> {
  return {
    agents: byHour.map(({ agents }) => agents),
    chatsAtOnce: byHour.map(({ chatsAtOnce }) => chatsAtOnce),
  };
}

/** Null where the summary is from before hours were counted by channel. */
function countByHour({ totals, byChannelHour }: Summary): Digest['chatsByHour'] | null {
  if (byChannelHour.length === 0 && totals.chats > 0) return null;
  const ofChannel = (channel: Channel): number[] => {
    const hours = new Array<number>(HOURS).fill(0);
    for (const one of byChannelHour) if (one.channel === channel) hours[one.hour] = one.chats;
    return hours;
  };
  return Object.fromEntries(totals.channels.map((channel) => [channel, ofChannel(channel)]));
}
