import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import { type Day, isDay } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import { DEFINITIONS } from '../metrics/measures.ts';
import { type CallbackChange, NewerSummaryError, parseSummary, type Summary } from '../metrics/summary.ts';
import { asShown, parseWaiting, type Waiting } from '../metrics/waiting.ts';
import { type Digest, parseDigest, staleDigestOf, TABLES_LAYOUT } from '../report/digest.ts';
import {
  compareWithEarlier,
  daysOfOtherCallbacks,
  earlierDaysOf,
  type OpenDay,
} from '../report/earlier-days.ts';
import type { Locale } from '../report/i18n/messages.ts';
import type { ReportInput } from '../report/report-input.ts';
import { NO_LINKS, type ReaderLinks } from '../report/report-input.ts';
import { defineRecord } from '../storage/json-record.ts';
import {
  CURATED_CHATS_PREFIX,
  curatedChatsPrefix,
  curatedMetricsKey,
  REPORTS_PREFIX,
  type ReportFile,
  type ReportPlace,
  readReportKey,
  reportKey,
} from '../storage/layout.ts';
import { type Lake, NewerReportError, readObject } from '../storage/object-store.ts';
import { findOpenDays } from './open-days.ts';

type Read = Pick<Lake, 'get' | 'list'>;

/** Reads `reports/` for the pipeline, the API and the pages. */
export class ReportReader<Source extends Read = Read> {
  protected readonly lake: Source;

  constructor(lake: Source) {
    this.lake = lake;
  }

  async find(place: ReportPlace): Promise<Stored<{ summary: Summary }>> {
    const { day } = place;
    const found = await summaries.find(this.lake, place);
    if (found.state === 'none') return found;
    // A file that was copied from another day does not count.
    if (found.state === 'read' && found.value.day === day) return { state: 'read', summary: found.value };
    const isNewer = found.state === 'unreadable' && found.cause instanceof NewerSummaryError;
    return { state: 'unreadable', day, key: found.key, why: isNewer ? 'newer' : 'damaged' };
  }

  /** @returns null where there is none, or it cannot be read */
  async read(place: ReportPlace): Promise<Summary | null> {
    const stored = await this.find(place);
    return stored.state === 'read' ? stored.summary : null;
  }

  /**
   * The digest. Where it is missing, or its report is half-written, it is made from the summary, which is
   * larger.
   */
  async findDigest(place: ReportPlace): Promise<Stored<{ digest: Digest }>> {
    const digest = await this.storedDigest(place);
    if (digest !== null && digest.state !== 'begun') return { state: 'read', digest };
    const stored = await this.find(place);
    if (stored.state !== 'read') return stored;
    // The rest of the summary is not kept, above all its customers.
    return { state: 'read', digest: staleDigestOf(stored.summary, digest?.locale) };
  }

  /** @returns null where there is none, or it cannot be read */
  async digest(place: ReportPlace): Promise<Digest | null> {
    const stored = await this.findDigest(place);
    return stored.state === 'read' ? stored.digest : null;
  }

  /** The digests of the days that have a report, in the given order. */
  async digests(days: readonly Day[]): Promise<Digest[]> {
    const found = await pLimit(AT_ONCE).map(days, (day) => this.digest({ day }));
    return found.filter((digest) => digest !== null);
  }

  /**
   * The days of a range with a report of all channels, readable or not, oldest first.
   *
   * Keys are listed year by year, by the common start of the range's days. Mostly all days have a report, or
   * none has.
   */
  async days(from: Day, to: Day): Promise<Day[]> {
    const days: Day[] = [];
    for (const { first, last, shared } of yearsOf(from, to)) {
      for await (const day of this.#daysLike(shared)) if (day >= first && day <= last) days.push(day);
    }
    return days;
  }

  /**
   * All keys under the days of a range, by day, listed in the same way. Claims and receipts of mails are among
   * them. A day without keys is not in the map.
   */
  async keys(from: Day, to: Day): Promise<ReadonlyMap<Day, readonly string[]>> {
    const keys = new Map<Day, string[]>();
    const start = `${REPORTS_PREFIX}dt=`;
    for (const { first, last, shared } of yearsOf(from, to)) {
      for await (const key of this.lake.list(`${start}${shared}`)) {
        const [day = ''] = key.slice(start.length).split('/', 1);
        if (isDay(day) && day >= first && day <= last) keys.set(day, [...(keys.get(day) ?? []), key]);
      }
    }
    return keys;
  }

  /** All days with a report, oldest first. */
  async allDays(): Promise<Day[]> {
    return await Array.fromAsync(this.#daysLike(''));
  }

  /** Null where no day has a report. Only the first keys are listed, because keys come in order. */
  async oldestDay(): Promise<Day | null> {
    for await (const day of this.#daysLike('')) return day;
    return null;
  }

  async *#daysLike(start: string): AsyncGenerator<Day> {
    for await (const key of this.lake.list(`${REPORTS_PREFIX}dt=${start}`)) {
      const read = readReportKey(key);
      if (read?.file !== 'summary.json' || read.place.only !== undefined) continue;
      if (isDay(read.place.day)) yield read.place.day;
    }
  }

  /**
   * The days of a range with a stale report, oldest first: another day changed that it depends on, its
   * derivation was cut short, or an earlier version made it.
   */
  async staleDays(from: Day, to: Day): Promise<Day[]> {
    return await this.#filter(await this.days(from, to), (digest) => digest?.state !== 'current');
  }

  /**
   * The days whose report is stale, or has earlier definitions or an earlier layout of tables. In the given
   * order.
   */
  async outdated(days: readonly Day[]): Promise<Day[]> {
    return await this.#filter(
      days,
      (digest) =>
        digest?.state !== 'current' ||
        digest.definitions < DEFINITIONS ||
        (digest.tables ?? 1) < TABLES_LAYOUT,
    );
  }

  async #filter(days: readonly Day[], isWanted: (digest: Digest | null) => boolean): Promise<Day[]> {
    const wanted = await pLimit(AT_ONCE).map(days, async (day) => isWanted(await this.storedDigest({ day })));
    return days.filter((_day, place) => wanted[place]);
  }

  /**
   * All reports of a day, or of all days, with their files: the day's own report and those of some channels.
   * Claims and receipts of mails are left out.
   */
  async files(day?: Day): Promise<{ readonly place: ReportPlace; readonly keys: readonly string[] }[]> {
    const found = new Map<string, { readonly place: ReportPlace; readonly keys: string[] }>();
    for await (const key of this.lake.list(`${REPORTS_PREFIX}${day === undefined ? '' : `dt=${day}/`}`)) {
      const read = readReportKey(key);
      if (read === null) continue;
      const folder = key.slice(0, -read.file.length);
      const report = found.get(folder) ?? { place: read.place, keys: [] };
      report.keys.push(key);
      found.set(folder, report);
    }
    return [...found.values()];
  }

  /** The reports of some channels, beside the day's own report or without it. */
  async beside(day: Day): Promise<(ReportPlace & { readonly only: readonly Channel[] })[]> {
    return (await this.files(day)).flatMap(({ place: { only }, keys }) =>
      only !== undefined && keys.includes(reportKey({ day, only }, 'summary.json')) ? [{ day, only }] : [],
    );
  }

  /**
   * The keys of summaries that a newer program made. @param withBeside whether reports of some channels count
   * too
   */
  async newer(places: readonly ReportPlace[], withBeside: boolean): Promise<string[]> {
    const found = await pLimit(AT_ONCE).map(places, async (own) => {
      const keys: string[] = [];
      for (const place of [own, ...(withBeside ? await this.beside(own.day) : [])]) {
        const stored = await this.find(place);
        if (stored.state === 'unreadable' && stored.why === 'newer') keys.push(stored.key);
      }
      return keys;
    });
    return found.flat();
  }

  /** The waiting customers, as known at the day's first mail. Null where there is no list. */
  async waiting(day: Day): Promise<Waiting | null> {
    const waiting = await waitings.read(this.lake, day);
    return waiting?.day === day ? waiting : null;
  }

  /** A file of a report. Null where it is missing. */
  async open(place: ReportPlace, file: ReportFile): Promise<Buffer | null> {
    return await readObject(this.lake, reportKey(place, file));
  }

  /** The keys of the tables of chats, of a day or of all days. */
  async tables(day?: Day): Promise<string[]> {
    const prefix = day === undefined ? CURATED_CHATS_PREFIX : curatedChatsPrefix(day);
    return await Array.fromAsync(this.lake.list(prefix));
  }

  async hasMetrics(day: Day): Promise<boolean> {
    return (await readObject(this.lake, curatedMetricsKey(day))) !== null;
  }

  /**
   * The summary, with everything that other days add to its report. It is the same for every format in the
   * lake.
   *
   * @param reading null for a format in the lake
   */
  async inputFor(summary: Summary, locale: Locale, reading: Reading | null): Promise<ReportInput> {
    const { input } = await this.compared(summary, locale);
    return reading === null ? input : await this.withWaiting({ ...input, ...reading });
  }

  /** For a format that lists all waiting customers, but does not depend on the time of reading: the workbook. */
  async withWaiting(input: ReportInput): Promise<ReportInput> {
    return { ...input, waiting: await this.waitingFor(input.summary) };
  }

  /**
   * The list of waiting customers for a report. Null for a report of some channels, which does not know the
   * answers on the others.
   */
  async waitingFor(summary: Summary): Promise<Waiting | null> {
    const waiting = summary.only === undefined ? await this.waiting(summary.day) : null;
    return waiting && asShown(waiting, summary);
  }

  /** The days of the week before without a whole report, oldest first. */
  async openDays(day: Day): Promise<OpenDay[]> {
    return await findOpenDays(day, this, this.lake);
  }

  /** The input for a report, and the reports of other days that could not be read. */
  protected async compared(
    summary: Summary,
    locale: Locale,
  ): Promise<{ readonly input: ReportInput; readonly unreadable: readonly Unreadable[] }> {
    const found = await pLimit(AT_ONCE).map(await this.#reportedOf(earlierDaysOf(summary)), (day) =>
      this.findDigest({ day }),
    );
    const digests = found.flatMap((one) => (one.state === 'read' ? [one.digest] : []));
    const unreadable = found.filter((one) => one.state === 'unreadable');
    const changes = new Map<Day, readonly CallbackChange[]>();
    for (const day of daysOfOtherCallbacks(summary, digests)) {
      changes.set(day, (await this.read({ day }))?.callbackChanges ?? []);
    }
    const input: ReportInput = {
      ...{ summary, locale, account: null, seenAt: null, next: null },
      ...{ waiting: null, links: NO_LINKS },
      ...compareWithEarlier(summary, digests, changes),
      unreadable: unreadable.map(({ day }) => day),
      open: summary.only === undefined ? await this.openDays(summary.day) : [],
    };
    return { input, unreadable };
  }

  /**
   * The days with a report, of consecutive days. A young lake has few, and asking for each one would cost a
   * request.
   */
  async #reportedOf(days: readonly Day[]): Promise<Day[]> {
    const [from, to] = [days.at(0), days.at(-1)];
    return from === undefined || to === undefined ? [] : await this.days(from, to);
  }

  /** The digest as it is stored. Null where it is missing or cannot be read. */
  async storedDigest(place: ReportPlace): Promise<Digest | null> {
    const { day, only } = place;
    const digest = await digests.read(this.lake, place);
    return digest && isDeepStrictEqual([digest.day, digest.only], [day, only]) ? digest : null;
  }
}

const AT_ONCE = 8;

export const summaries = defineRecord({
  schema: { parse: parseSummary },
  key: (place: ReportPlace) => reportKey(place, 'summary.json'),
  unreadable: 'null',
});

export const digests = defineRecord({
  schema: { parse: parseDigest },
  key: (place: ReportPlace) => reportKey(place, 'digest.json'),
  unreadable: 'null',
});

/** An unreadable list counts as none, and the report goes without it. */
export const waitings = defineRecord({
  schema: { parse: parseWaiting },
  key: (day: Day) => reportKey({ day }, 'waiting.json'),
  unreadable: 'null',
});

/** The state of a stored report. */
type Stored<Parts> = { readonly state: 'none' } | ({ readonly state: 'read' } & Readonly<Parts>) | Unreadable;

/** A `summary.json` that is damaged, or of a newer program. The run of another day never overwrites it. */
export interface Unreadable {
  readonly state: 'unreadable';
  readonly day: Day;
  readonly key: string;
  readonly why: 'damaged' | 'newer';
}

/** When the report is read, in milliseconds since 1970, and the targets of its links. */
interface Reading {
  readonly seenAt: number;
  readonly links: ReaderLinks;
}

/** Ends the message about a report that a newer program made. */
export const IS_NEWER =
  'was written by a newer version of chat-report, and is left as it is; update chat-report, or delete the file to have the day reported by this version';

/** The error where a newer program made the report. */
export function newerReportError({ key }: Unreadable): NewerReportError {
  return new NewerReportError(`${key} ${IS_NEWER}`);
}

/** The years of a range, each with its first and its last day and with their common start. */
function yearsOf(from: Day, to: Day): { first: Day; last: Day; shared: string }[] {
  const years: { first: Day; last: Day; shared: string }[] = [];
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year += 1) {
    const [first, last] = [later(from, `${year}-01-01`), earlier(to, `${year}-12-31`)];
    const differs = [...first].findIndex((letter, place) => letter !== last[place]);
    years.push({ first, last, shared: first.slice(0, differs < 0 ? first.length : differs) });
  }
  return years;
}

const later = (one: Day, other: Day): Day => (one > other ? one : other);

const earlier = (one: Day, other: Day): Day => (one < other ? one : other);
