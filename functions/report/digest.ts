import * as z from 'zod';
import { coverageSchema, missingChannels, reportedChannels } from '../capture/coverage.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { DEFINITIONS, figures } from '../metrics/measures.ts';
import { type AskedSettings, countedBy, countedByOf } from '../metrics/recipe.ts';
import { type Summary, storedSummary, type Workload } from '../metrics/summary.ts';
import { channel, count, instant, pick, type Read } from '../storage/json-record.ts';
import type { Locale } from './i18n/messages.ts';

/** The main figures of a day in a small file, `digest.json`: its schema, and how it is made from the summary. */

/**
 * The layout of the tables of chats and figures. A new column raises it. Days of an older layout are derived
 * again, because some query engines take the columns of one file for those of all files. A digest without this
 * number has layout 1.
 */
export const TABLES_LAYOUT = 2;

/** The fields that a digest copies from the summary. None of them grows with the number of chats. */
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

/** The workbook beside a digest: its content and its bytes. */
const storedWorkbook = z.looseObject({
  /** Two workbooks with the same content have the same hash. */
  contentHash: z.string(),
  /** The hash of the file, in hex. */
  sha256: z.string(),
  /** Whether the workbook lists chats. Then it may name every customer who wrote that day. */
  listsChats: z.boolean(),
});
export type StoredWorkbook = Read<z.infer<typeof storedWorkbook>>;

const schema = storedSummary.pick(KEPT).extend({
  definitions: count.max(DEFINITIONS),
  schema: z.literal('chat-report/digest/1'),
  /**
   * The state of the day's files:
   * - `current`: one derivation made them all, and other days did not change since.
   * - `stale`: other days changed since.
   * - `begun`: a derivation is under way or was cut short, so two derivations may have made them. Until it is
   *   done only the summary counts.
   */
  state: z.enum(['current', 'stale', 'begun']),
  verdict: coverageSchema.shape.verdict,
  /** The channels that could not be proven. No figure counts them. Left out where there is none. */
  missing: z.array(channel).exactOptional(),
  /**
   * When the list of customers to call back changed. A later report reads the summary only where it has to show
   * such a change.
   */
  callbackChangesAt: z.array(instant).exactOptional(),
  /** The chats of each proven channel by hour, from 0 to 23. Left out where hours were not counted by channel. */
  chatsByHour: z.partialRecord(channel, hourCounts).exactOptional(),
  /** The counts of all proven channels by hour, from 0 to 23. Earlier versions left it out. */
  countsByHour: z
    .looseObject({ chats: hourCounts, answered: hourCounts, missed: hourCounts })
    .exactOptional(),
  /** The work of the agents by hour, from 0 to 23. Left out where an earlier version counted. */
  workload: z
    .looseObject({
      agents: z.array(count).length(HOURS),
      chatsAtOnce: z.array(z.number().min(1).nullable()).length(HOURS),
    })
    .exactOptional(),
  /**
   * The figures of the chats that began within business hours. `counted` holds these hours. Left out where none
   * are set, or where they are not known.
   */
  inside: figures.exactOptional(),
  /** The number of customers to call back. */
  callbacks: count,
  /** The language of the report. Null where it is not known. */
  locale: z.enum(['vi', 'en']).nullable(),
  /** Null where no workbook is known to belong to this report. */
  workbook: storedWorkbook.nullable(),
  /** The layout of the day's tables. Left out by versions that had only one. */
  tables: count.exactOptional(),
  /** The counts of the capture for each channel of the query. Left out by the same versions. */
  coverage: reportedChannels.exactOptional(),
  /** The settings that the figures were counted by. Left out by the same versions. */
  counted: countedBy.loose().exactOptional(),
});

/**
 * The main figures of a day, `digest.json`. Lists, the calendar, trends and later reports read it in place of the
 * summary.
 */
export type Digest = Read<z.infer<typeof schema>>;

/** The query of a report. Its channels are those that were proven and those that are missing. */
export function askedOf({ totals, missing = [], filters, timeZone }: Digest): AskedSettings {
  const channels = CHANNELS.filter((one) => totals.channels.includes(one) || missing.includes(one));
  return { channels, filters, timeZone };
}

/** @throws TypeError where this program cannot have written the value */
export function parseDigest(value: unknown): Digest {
  if (!isDigest(value)) throw new TypeError('it is no digest');
  return value;
}

function isDigest(value: unknown): value is Digest {
  return schema.safeParse(value).success;
}

/** The digest of a day of which only the summary is known. */
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

/** How many chats each hour has, and the two numbers behind its missed rate. */
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

/** Null where the summary comes from a version that did not count hours by channel. */
function countByHour({ totals, byChannelHour }: Summary): Digest['chatsByHour'] | null {
  if (byChannelHour.length === 0 && totals.chats > 0) return null;
  const ofChannel = (channel: Channel): number[] => {
    const hours = new Array<number>(HOURS).fill(0);
    for (const one of byChannelHour) if (one.channel === channel) hours[one.hour] = one.chats;
    return hours;
  };
  return Object.fromEntries(totals.channels.map((channel) => [channel, ofChannel(channel)]));
}
