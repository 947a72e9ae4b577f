import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import { type Day, isDay } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import { DEFINITIONS } from '../metrics/measures.ts';
import { type CallbackChange, NewerSummaryError, parseSummary, type Summary } from '../metrics/summary.ts';
import { asTold, parseWaiting, type Waiting } from '../metrics/waiting.ts';
import { type Digest, parseDigest, staleDigestOf, TABLES_LAYOUT } from '../report/digest.ts';
import {
  compareWithEarlier,
  daysOfOtherCallbacks,
  earlierDaysOf,
  type OpenDay,
} from '../report/earlier-days.ts';
import type { Locale } from '../report/i18n/messages.ts';
import { NO_LINKS, type ReaderLinks } from '../report/mail-footer.ts';
import type { ReportInput } from '../report/report-view.ts';
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

/** One that cannot be read is none: the report stands without it. */
export const waitings = defineRecord({
  schema: { parse: parseWaiting },
  key: (day: Day) => reportKey({ day }, 'waiting.json'),
  unreadable: 'null',
});

/** What lies in the place of a report. */
type Stored<Parts> = { readonly state: 'none' } | ({ readonly state: 'read' } & Readonly<Parts>) | Unreadable;

/** A `summary.json` that is damaged, or of a newer program. It is never written over by the run of another day. */
export interface Unreadable {
  readonly state: 'unreadable';
  readonly day: Day;
  readonly key: string;
  readonly why: 'damaged' | 'newer';
}

/** Said of the report that is to be made, where it is there already. */
export const IS_NEWER =
  'was written by a newer version of chat-report, and is left as it is; update chat-report, or delete the file to have the day reported by this version';

/** The report that is to be made here is there already, of a newer program. */
export function refuseNewer({ key }: Unreadable): NewerReportError {
  return new NewerReportError(`${key} ${IS_NEWER}`);
}

/** When a report is read, in milliseconds since 1970, and where its links lead. */
interface Reading {
  readonly seenAt: number;
  readonly links: ReaderLinks;
}

/** All that is read of `reports/`, for the pipeline itself, the API and the pages. */
export class ReportReader<Source extends Read = Read> {
  protected readonly lake: Source;

  constructor(lake: Source) {
    this.lake = lake;
  }

  async find(place: ReportPlace): Promise<Stored<{ summary: Summary }>> {
    const { day } = place;
    const found = await summaries.find(this.lake, place);
    if (found.state === 'none') return found;
    // A file that was copied from another day says nothing of this one.
    if (found.state === 'read' && found.value.day === day) return { state: 'read', summary: found.value };
    const isNewer = found.state === 'unreadable' && found.cause instanceof NewerSummaryError;
    return { state: 'unreadable', day, key: found.key, why: isNewer ? 'newer' : 'damaged' };
  }

  /** @returns null also where it is there and cannot be read */
  async read(place: ReportPlace): Promise<Summary | null> {
    const stored = await this.find(place);
    return stored.state === 'read' ? stored.summary : null;
  }

  /** Where it is not there, or begun again, it is made of the summary, which is larger. */
  async findDigest(place: ReportPlace): Promise<Stored<{ digest: Digest }>> {
    const digest = await this.storedDigest(place);
    if (digest !== null && digest.state !== 'begun') return { state: 'read', digest };
    const stored = await this.find(place);
    if (stored.state !== 'read') return stored;
    // The rest, customers above all, is let go of at once.
    return { state: 'read', digest: staleDigestOf(stored.summary, digest?.locale) };
  }

  /** @returns null also where it is there and cannot be read */
  async digest(place: ReportPlace): Promise<Digest | null> {
    const stored = await this.findDigest(place);
    return stored.state === 'read' ? stored.digest : null;
  }

  /** The digests of those of the days that have a report, in the order given. */
  async digests(days: readonly Day[]): Promise<Digest[]> {
    const found = await pLimit(AT_ONCE).map(days, (day) => this.digest({ day }));
    return found.filter((digest) => digest !== null);
  }

  /**
   * The days of a range that have a report of all channels, readable or not; oldest first. They are found year by year,
   * from what the keys of all days of the range begin with: most days have a report, or none has.
   */
  async days(from: Day, to: Day): Promise<Day[]> {
    const days: Day[] = [];
    for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year += 1) {
      const [first, last] = [later(from, `${year}-01-01`), earlier(to, `${year}-12-31`)];
      const differs = [...first].findIndex((letter, place) => letter !== last[place]);
      const shared = first.slice(0, differs < 0 ? first.length : differs);
      for await (const day of this.#daysLike(shared)) if (day >= first && day <= last) days.push(day);
    }
    return days;
  }

  /** Every day that has one, oldest first. */
  async allDays(): Promise<Day[]> {
    return await Array.fromAsync(this.#daysLike(''));
  }

  /** Null where no day has one. Keys come in order, so that no more than the first are listed. */
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
   * The days of a range whose report is to be derived again, oldest first: something that it tells of another day has
   * changed since, its making was cut short, or an earlier version made it.
   */
  async staleDays(from: Day, to: Day): Promise<Day[]> {
    return await this.#filter(await this.days(from, to), (digest) => digest?.state !== 'current');
  }

  /**
   * Those of the days whose report is stale, or was counted by earlier definitions than the program's, or has tables of an
   * earlier layout; in the order given.
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
   * Every report that there is of a day, or of all days: the day's own, and those of some channels beside it; each with
   * its files, without those that say who was sent it.
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

  /** The reports of some channels that stand beside a day's own, or in place of one that is not there yet. */
  async beside(day: Day): Promise<(ReportPlace & { readonly only: readonly Channel[] })[]> {
    return (await this.files(day)).flatMap(({ place: { only }, keys }) =>
      only !== undefined && keys.includes(reportKey({ day, only }, 'summary.json')) ? [{ day, only }] : [],
    );
  }

  /** The summaries of these days that a newer program has made. @param withBeside whether those of any channels count too */
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

  /** Who still waits, as it was found when the day's first mail was made; null where it was not. */
  async waiting(day: Day): Promise<Waiting | null> {
    const waiting = await waitings.read(this.lake, day);
    return waiting?.day === day ? waiting : null;
  }

  /** A file of a report as it lies there; null where it does not. */
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
   * The summary with what other days add to its report: the same for each form that lies in the lake.
   *
   * @param reading null for a form that lies in the lake
   */
  async inputFor(summary: Summary, locale: Locale, reading: Reading | null): Promise<ReportInput> {
    const { input } = await this.compared(summary, locale);
    return reading === null ? input : await this.withWaiting({ ...input, ...reading });
  }

  /** For what names everyone who waits, and no more depends on when it is read: the workbook. */
  async withWaiting(input: ReportInput): Promise<ReportInput> {
    return { ...input, waiting: await this.waitingFor(input.summary) };
  }

  /** The same for a report as it is read: of some channels alone nothing is known of the others' answers. */
  async waitingFor(summary: Summary): Promise<Waiting | null> {
    const waiting = summary.only === undefined ? await this.waiting(summary.day) : null;
    return waiting && asTold(waiting, summary);
  }

  /** The days of the week before that have no whole report, oldest first. */
  async openDays(day: Day): Promise<OpenDay[]> {
    return await findOpenDays(day, this, this.lake);
  }

  /** The same, with what could not be read of other days. */
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

  /** Those of some days on end that have a report. Most of a young lake's have none, and asking for each is a call. */
  async #reportedOf(days: readonly Day[]): Promise<Day[]> {
    const [from, to] = [days.at(0), days.at(-1)];
    return from === undefined || to === undefined ? [] : await this.days(from, to);
  }

  /** What lies in the place of the digest itself; null where there is none that can be read. */
  async storedDigest(place: ReportPlace): Promise<Digest | null> {
    const { day, only } = place;
    const digest = await digests.read(this.lake, place);
    return digest && isDeepStrictEqual([digest.day, digest.only], [day, only]) ? digest : null;
  }
}

const later = (one: Day, other: Day): Day => (one > other ? one : other);
const earlier = (one: Day, other: Day): Day => (one < other ? one : other);
