import { isDeepStrictEqual } from 'node:util';
import { addDays, type Day, type Month } from '../calendar/day.ts';
import { DamagedCaptureError, findCaptures, manifests } from '../capture/captures.ts';
import { provenCaptures } from '../capture/coverage.ts';
import { type OpenCapture, openCapture, readChatsOf } from '../capture/read-chats.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import type { Chat } from '../chats/chat.ts';
import { type DayFacts, readDayFacts } from '../metrics/measure-day.ts';
import { asksTheSame, countsAlike, recipeOf } from '../metrics/recipe.ts';
import type { Summary } from '../metrics/summary.ts';
import { asTold, type Waiting } from '../metrics/waiting.ts';
import { askedOf, type Digest, digestOf, type StoredWorkbook, staleDigestOf } from '../report/digest.ts';
import { farthestOf } from '../report/earlier-days.ts';
import { contentTypeOf, type ReportFormat, TEXT_FORMATS, WORKBOOK } from '../report/formats.ts';
import type { Locale } from '../report/i18n/messages.ts';
import type { ReportInput } from '../report/report-view.ts';
import { type Change, createChange, type HeldLake } from '../storage/changes.ts';
import {
  curatedChangesKey,
  curatedChatsKey,
  curatedDaysKey,
  curatedMetricsKey,
  type ReportPlace,
  reportKey,
} from '../storage/layout.ts';
import { readObject } from '../storage/object-store.ts';
import { writeChats, writeMetrics } from '../warehouse/build-tables.ts';
import { CHANGES_TABLE, toChangeRows } from '../warehouse/changes-table.ts';
import { DAYS_TABLE, type DayOfChannel } from '../warehouse/days-table.ts';
import { isFinal } from '../warehouse/metrics-table.ts';
import { writeMonth } from '../warehouse/table.ts';
import {
  changeOfDay,
  changeWithoutReport,
  type DayChange,
  type Erased,
  findWorkbook,
  makeWorkbook,
} from './report-parts.ts';
import { digests, ReportReader, summaries, type Unreadable, waitings } from './report-reader.ts';
import { type Basis, readFacts, summarize } from './summarize.ts';

interface Deriving {
  /** What lies there is not believed: the tables themselves may have changed. */
  readonly force?: boolean;
  /** Left out where no one is erased. */
  readonly erased?: Erased;
}

/**
 * The only writer of `reports/` and `curated/`, claims and receipts of mail aside.
 *
 * All that is derived of a day is written in one order: tables, forms, summary, the record of what changed in the tables,
 * digest. Before the first of them the digest says `begun`, and the last makes it current again: in between the rest may be
 * of two makings, and where a run was killed there, the next one derives the day again. Until then the summary is what holds.
 * So no change is without its record: one that was cut short is written down with the next making.
 */
export class ReportStore extends ReportReader<HeldLake> {
  /**
   * Derives all that is made of proven captures: tables, forms, summary and digest. From the same captures and settings
   * it is the same to the byte, and what lies there already is not written again.
   *
   * @throws DamagedCaptureError when a raw page is not what was received, or a capture is gone
   */
  async derive(basis: Basis, locale: Locale, { force = false, erased }: Deriving = {}): Promise<Derived> {
    const { day, counting } = basis;
    const place = { day, only: counting.only };
    const [standing, digest] = [await this.read(place), await this.storedDigest(place)];
    const isWhole =
      !force &&
      digest !== null &&
      standing !== null &&
      digest.state !== 'begun' &&
      isDeepStrictEqual(digest, digestOf(standing, digest));
    const { summary, facts } = await summarize(basis, this.lake, force ? null : standing);
    const { input, unreadable } = await this.compared(summary, locale);
    const metrics = counting.only === undefined ? await writeMetrics(summary) : null;
    const isCountedAlike = isWhole && areRowsAlike(standing, summary);
    const hasTables = metrics === null || (isCountedAlike && (await this.#hasTables(summary, metrics)));
    const listed = await this.withWaiting(input);
    const found = force ? null : await findWorkbook(listed, this.lake);
    const workbook = found?.stored ?? null;
    const forms = formsOf(input);
    const isCurrent =
      hasTables &&
      workbook !== null &&
      isDeepStrictEqual(digest, digestOf(summary, { state: 'current', locale, workbook }));
    if (isCurrent && (await this.#hasForms(summary, forms)))
      return { summary, unreadable, silent: input.silent };

    const was = await this.#begin(summary, standing);
    const isPut = metrics !== null && !hasTables && (await this.#putTables(summary, facts, metrics));
    const put = workbook ?? (await this.#putWorkbook(listed));
    await this.#finish(summary, forms, { locale, workbook: put }, { was, isPut, erased });
    return { summary, unreadable, silent: input.silent };
  }

  /**
   * The same where captures are damaged or gone, so that nothing can be counted again: the figures stay as they were.
   *
   * @param summary as it is to stand
   * @param erased who is to be gone: what was made of chats may name them, and goes; left out where it stays
   */
  async deriveWithoutRaw(summary: Summary, locale: Locale, erased?: Erased): Promise<void> {
    const { day, only } = summary;
    const input = await this.inputFor(summary, locale, null);
    const { workbook: there } = (await this.storedDigest(summary)) ?? {};
    const was = await this.#begin(summary, await this.read(summary));
    let isPut = false;
    if (only === undefined) {
      for (const key of erased ? await this.tables(day) : []) isPut = await this.#drop(key);
      isPut = (await this.#putChanged(curatedMetricsKey(day), await writeMetrics(summary))) || isPut;
    }
    // One without chats needs no raw to be made again.
    const listed = await this.withWaiting(input);
    const isKept = erased === undefined && there?.listsChats !== false;
    const workbook = isKept
      ? ((await findWorkbook(listed, this.lake))?.stored ?? null)
      : await this.#putWorkbook(listed, false);
    await this.#finish(summary, formsOf(input), { locale, workbook }, { was, isPut, erased });
  }

  /**
   * Of a day whose report is gone: each table of chats from the latest proven capture, or else not at all. The table of
   * figures is made of the report, and may name a page by a phone number that stands in its address.
   */
  async deriveTables(day: Day, erased: Erased): Promise<void> {
    await this.#mark({ day }, 'begun');
    await this.lake.delete(curatedMetricsKey(day));
    const keys = await this.tables(day);
    const latest = new Map<string, OpenCapture>();
    for (const channel of CHANNELS) {
      const key = curatedChatsKey(day, channel);
      const capture = keys.includes(key) ? await this.#openLatest(day, channel) : null;
      if (capture) latest.set(key, capture);
    }
    // How the day was counted is not known any more.
    const of = { ...(await readDayFacts(readAll(latest.values()), null)), isFinal: null };
    for (const key of keys) {
      const capture = latest.get(key);
      if (capture) await this.#putChanged(key, await writeChats(this.lake, capture.manifest, of));
      else await this.lake.delete(key);
    }
    // Where it was cut short before, nothing is left that tells whether there were tables.
    await this.#record(changeWithoutReport(day, erased));
  }

  /** One month of the table of days. */
  async putDays(month: Month, rows: readonly DayOfChannel[]): Promise<void> {
    await this.#putChanged(curatedDaysKey(month), await writeMonth(DAYS_TABLE, month, rows));
  }

  /** The same of the table of changes. */
  async putChanges(month: Month, changes: readonly Change[]): Promise<void> {
    await this.#putChanged(
      curatedChangesKey(month),
      await writeMonth(CHANGES_TABLE, month, toChangeRows(changes)),
    );
  }

  /** A file of a table, where it is not there already to the byte. @returns whether it was not */
  async #putChanged(key: string, bytes: Uint8Array): Promise<boolean> {
    if (await this.#holds(key, bytes)) return false;
    await this.lake.put(key, bytes);
    return true;
  }

  async #holds(key: string, bytes: Uint8Array): Promise<boolean> {
    let at = 0;
    for await (const chunk of (await this.lake.get(key)) ?? []) {
      if (Buffer.compare(chunk, bytes.subarray(at, at + chunk.length)) !== 0) return false;
      at += chunk.length;
    }
    return at > 0 && at === bytes.length;
  }

  async #drop(key: string): Promise<true> {
    await this.lake.delete(key);
    return true;
  }

  /**
   * Beside page and text, which are made of the day's captures alone. The workbook lists everyone who waits: it is made again
   * first, so that wherever the list is there, that is done.
   */
  async putWaiting(waiting: Waiting): Promise<void> {
    await this.#rederiveWorkbook(waiting);
    await waitings.write(this.lake, waiting.day, waiting);
  }

  /** Where the day is whole: else the next making of the day makes it too. */
  async #rederiveWorkbook(waiting: Waiting): Promise<void> {
    const { day } = waiting;
    const [summary, digest] = [await this.read({ day }), await this.storedDigest({ day })];
    if (summary === null || digest === null || digest.locale === null || digest.state === 'begun') return;
    const input = await this.inputFor(summary, digest.locale, null);
    const listed = { ...input, waiting: asTold(waiting, summary) };
    if ((await findWorkbook(listed, this.lake)) !== null) return;
    const workbook = await this.#putWorkbook(listed);
    await digests.write(this.lake, { day }, { ...digest, workbook });
  }

  /** @returns null where there is none, or it does not read back as it was counted */
  async #openLatest(day: Day, channel: Channel): Promise<OpenCapture | null> {
    const captures = await Array.fromAsync(findCaptures(this.lake, day, channel));
    const latest = captures.findLast(({ verdict }) => verdict === 'proven');
    try {
      const capture = latest ? await openCapture(this.lake, latest) : null;
      return capture && ((await countChats(capture)) === capture.chats ? capture : null);
    } catch (error) {
      if (error instanceof DamagedCaptureError) return null;
      throw error;
    }
  }

  /**
   * From here on until the digest is current again, what stands may be of two makings.
   *
   * @returns the headline of what the tables are of: where a making was cut short, of what they were of before it
   */
  async #begin(summary: Summary, standing: Summary | null): Promise<Was> {
    const stored = await this.storedDigest(summary);
    await this.#mark(summary, 'begun');
    if (summary.only === undefined) {
      for (const day of await this.#affectedDays(summary, standing)) await this.#mark({ day }, 'stale');
    }
    const isWhole = stored !== null && stored.state !== 'begun';
    const digest = stored?.coverage || standing === null ? stored : staleDigestOf(standing);
    return { digest, isWhole };
  }

  async #mark(place: ReportPlace, state: 'stale' | 'begun'): Promise<void> {
    const digest = await this.storedDigest(place);
    if (digest === null || digest.state === state || digest.state === 'begun') return;
    await digests.write(this.lake, place, { ...digest, state });
  }

  /** The later days whose reports compare themselves with this one, or follow its customers up, and find it otherwise now. */
  async #affectedDays(summary: Summary, standing: Summary | null): Promise<Day[]> {
    const { day } = summary;
    const saysToLater = (one: Summary) => {
      // No report names another day's definitions or targets: where they are others, figures mostly are not.
      const { callbacks, looks, definitions, targets, ...compared } = staleDigestOf(one);
      return [compared, one.callbackChanges];
    };
    const isCompared = standing === null || !isDeepStrictEqual(saysToLater(standing), saysToLater(summary));
    if (isCompared) return await this.days(addDays(day, 1), addDays(day, farthestOf(summary)));
    // Customers are followed up by the day after alone, and only where that is of the same chats.
    if (standing.callbacks.length === summary.callbacks.length) return [];
    const next = await this.digest({ day: addDays(day, 1) });
    return next && asksTheSame(askedOf(next), recipeOf(summary)) ? [next.day] : [];
  }

  async #hasTables(summary: Summary, metrics: Uint8Array): Promise<boolean> {
    const { day } = summary;
    const there = await readObject(this.lake, curatedMetricsKey(day));
    if (!there?.equals(metrics)) return false;
    const wanted = provenCaptures(summary.completeness).map(([channel]) => curatedChatsKey(day, channel));
    return isDeepStrictEqual(await this.tables(day), wanted.sort());
  }

  /**
   * What an earlier report left of channels that this one did not ask for is removed: tables and summary are of the same chats.
   *
   * @returns whether any row was another
   */
  async #putTables(summary: Summary, counted: DayFacts | null, metrics: Uint8Array): Promise<boolean> {
    const { day } = summary;
    const facts = counted ?? (await readFacts(summary, this.lake));
    let isPut = false;
    const kept = new Set<string>();
    for (const [channel, captureId] of provenCaptures(summary.completeness)) {
      const manifest = await manifests.read(this.lake, { day, channel, captureId });
      if (manifest === null) {
        throw new DamagedCaptureError(`the manifest of ${captureId} cannot be read`, { channel });
      }
      const key = curatedChatsKey(day, channel);
      const table = await writeChats(this.lake, manifest, { ...facts, isFinal: isFinal(summary) });
      isPut = (await this.#putChanged(key, table)) || isPut;
      kept.add(key);
    }
    for (const key of await this.tables(day)) if (!kept.has(key)) isPut = await this.#drop(key);
    return (await this.#putChanged(curatedMetricsKey(day), metrics)) || isPut;
  }

  async #putWorkbook(input: ReportInput, listsChats = true): Promise<StoredWorkbook> {
    const { bytes, stored } = await makeWorkbook(input, this.lake, listsChats);
    await this.lake.put(reportKey(input.summary, WORKBOOK.file), bytes, contentTypeOf(WORKBOOK));
    return stored;
  }

  async #hasForms(place: ReportPlace, forms: Forms): Promise<boolean> {
    for (const [{ file }, bytes] of forms) {
      if (!(await readObject(this.lake, reportKey(place, file)))?.equals(bytes)) return false;
    }
    return true;
  }

  async #finish(
    summary: Summary,
    forms: Forms,
    made: Pick<Digest, 'locale' | 'workbook'>,
    { was, isPut, erased }: Changing,
  ): Promise<void> {
    for (const [format, bytes] of forms) {
      await this.lake.put(reportKey(summary, format.file), bytes, contentTypeOf(format));
    }
    await summaries.write(this.lake, summary, summary);
    const digest = digestOf(summary, { state: 'current', ...made });
    if (summary.only === undefined && (isPut || !was.isWhole)) {
      await this.#record(changeOfDay(was.digest, digest, erased ?? null));
    }
    await digests.write(this.lake, summary, digest);
  }

  async #record(change: DayChange): Promise<void> {
    const at = new Date(this.lake.now()).toISOString();
    for (;;) {
      const sequence = this.lake.nextSequence();
      if (await createChange(this.lake, { schema: 'chat-report/change/1', sequence, at, ...change })) return;
    }
  }
}

/** What stood before a making began. */
interface Was {
  readonly digest: Digest | null;
  /** Otherwise a making before was cut short, or there was none: the tables may have changed without a record. */
  readonly isWhole: boolean;
}

interface Changing {
  readonly was: Was;
  /** Whether a row of the tables was another. */
  readonly isPut: boolean;
  readonly erased: Erased | undefined;
}

/** What a day came to. */
interface Derived extends Pick<ReportInput, 'silent'> {
  readonly summary: Summary;
  /** The reports of other days that it could not be compared with. */
  readonly unreadable: readonly Unreadable[];
}

/** Whether the rows of two makings from the same captures are alike in what no figure tells. */
function areRowsAlike(one: Summary, other: Summary): boolean {
  return one.definitions === other.definitions && countsAlike(recipeOf(one), recipeOf(other));
}

async function* readAll(captures: Iterable<OpenCapture>): AsyncGenerator<readonly Chat[]> {
  for (const capture of captures) yield* readChatsOf(capture);
}

async function countChats(capture: OpenCapture): Promise<number> {
  let chats = 0;
  for await (const page of readChatsOf(capture)) chats += page.length;
  return chats;
}

type Forms = readonly (readonly [ReportFormat, Buffer])[];

function formsOf(input: ReportInput): Forms {
  return TEXT_FORMATS.map((format) => [format, Buffer.from(format.render(input))]);
}
