import { isDeepStrictEqual } from 'node:util';
import { addDays, type Day, type Month } from '../calendar/day.ts';
import { DamagedCaptureError, findCaptures } from '../capture/captures.ts';
import { provenCaptures } from '../capture/coverage.ts';
import { type OpenCapture, openCapture, readChatsOf } from '../capture/read-chats.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { FactsAccumulator } from '../metrics/measure-day.ts';
import { asksTheSame, countsAlike, recipeOf } from '../metrics/recipe.ts';
import type { Summary } from '../metrics/summary.ts';
import { asShown, type Waiting } from '../metrics/waiting.ts';
import { askedOf, type Digest, digestOf, type StoredWorkbook, staleDigestOf } from '../report/digest.ts';
import { farthestOf } from '../report/earlier-days.ts';
import type { PickedChats } from '../report/formats/workbook/sheets.ts';
import { contentTypeOf, type ReportFormat, TEXT_FORMATS, WORKBOOK } from '../report/formats.ts';
import type { Locale } from '../report/i18n/messages.ts';
import type { ReportInput } from '../report/report-input.ts';
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
import { writeMetrics } from '../warehouse/build-tables.ts';
import { CHANGES_TABLE, toChangeRows } from '../warehouse/changes-table.ts';
import { DAYS_TABLE, type DayOfChannel } from '../warehouse/days-table.ts';
import { writeMonth } from '../warehouse/table.ts';
import { type DayExtracts, DayReading } from './read-day.ts';
import {
  changeOfDay,
  changeWithoutReport,
  type DayChange,
  type Erased,
  findWorkbook,
  makeWorkbook,
} from './report-parts.ts';
import { digests, ReportReader, summaries, type Unreadable, waitings } from './report-reader.ts';
import { type Basis, readExtracts, summarize } from './summarize.ts';

/**
 * The only writer of `reports/` and `curated/`, but for claims and receipts of mails.
 *
 * Everything derived of a day is written in one order: tables, formats, summary, the record of changed tables,
 * digest. The digest says `begun` before the first write, and `current` with the last one. In between, the
 * files may be of two derivations. After a kill, the next derivation writes all of them again, and until then
 * the summary is right. So every change of tables has a record: that of a derivation which was cut short is
 * written with the next one.
 */
export class ReportStore extends ReportReader<HeldLake> {
  /**
   * Derives everything of a day from proven captures: tables, formats, summary and digest. The same captures
   * and settings give the same bytes. Files that are there already are not written again.
   *
   * @throws DamagedCaptureError where a raw page is not what was received, or a capture is gone
   */
  async derive(
    basis: Basis,
    locale: Locale,
    { force = false, erased }: DeriveOptions = {},
  ): Promise<DerivedReport> {
    const { day, counting } = basis;
    const place = { day, only: counting.only };
    const [current, digest] = [await this.read(place), await this.storedDigest(place)];
    const isWhole = !force && isWholeReport(current, digest);
    const isOfDay = counting.only === undefined;
    const { summary, extracts } = await summarize(basis, this.lake, force ? null : current, {
      tables: isOfDay,
      chats: true,
    });
    const { input, unreadable } = await this.compared(summary, locale);
    const metrics = isOfDay ? await writeMetrics(summary) : null;
    const hasTables =
      metrics === null ||
      (isWhole && current !== null && (await this.#hasTables({ was: current, is: summary }, metrics)));
    const listed = await this.withWaiting(input);
    const found = force ? null : await findWorkbook(listed, this.lake);
    const workbook = found?.stored ?? null;
    const formats = renderFormats(input);
    const isCurrent =
      hasTables &&
      workbook !== null &&
      isDeepStrictEqual(digest, digestOf(summary, { state: 'current', locale, workbook }));
    if (isCurrent && (await this.#hasFormats(summary, formats)))
      return { summary, unreadable, silent: input.silent };

    const wanted = { tables: true, chats: workbook === null };
    const made = extracts ?? (hasTables ? null : await readExtracts(summary, this.lake, wanted));
    const before = await this.#begin(summary, current);
    const areTablesChanged =
      metrics !== null && !hasTables && (await this.#putTables(summary, made, metrics));
    const put = workbook ?? (await this.#putWorkbook(listed, made?.picked ?? undefined));
    await this.#finish(summary, formats, { locale, workbook: put }, { before, areTablesChanged, erased });
    return { summary, unreadable, silent: input.silent };
  }

  /**
   * Derives a day where captures are damaged or gone, so that nothing can be counted again. The figures stay.
   *
   * @param summary the new summary
   * @param erased in an erasure: files made from chats may name the data subject, so they are deleted.
   *   Otherwise they stay.
   */
  async deriveWithoutRaw(summary: Summary, locale: Locale, erased?: Erased): Promise<void> {
    const { day, only } = summary;
    const input = await this.inputFor(summary, locale, null);
    const { workbook: there } = (await this.storedDigest(summary)) ?? {};
    const before = await this.#begin(summary, await this.read(summary));
    let areTablesChanged = false;
    if (only === undefined) {
      for (const key of erased ? await this.tables(day) : []) areTablesChanged = await this.#deleteTable(key);
      areTablesChanged =
        (await this.#putChanged(curatedMetricsKey(day), await writeMetrics(summary))) || areTablesChanged;
    }
    // A workbook without chats needs no raw.
    const listed = await this.withWaiting(input);
    const isKept = erased === undefined && there?.listsChats !== false;
    const workbook = isKept
      ? ((await findWorkbook(listed, this.lake))?.stored ?? null)
      : await this.#putWorkbook(listed, null);
    await this.#finish(
      summary,
      renderFormats(input),
      { locale, workbook },
      { before, areTablesChanged, erased },
    );
  }

  /**
   * Derives the tables of a day without a report. A table of chats is made from the latest proven capture, or
   * else deleted. The table of figures is deleted: it comes from the report, and a page address in it may hold
   * a phone number.
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
    // It is not known how the day was counted.
    const reading = new DayReading([...latest.values()], UNKNOWN, { tables: true });
    const { tables } = await reading.readFor(new FactsAccumulator(null));
    for (const key of keys) if (!latest.has(key)) await this.lake.delete(key);
    for await (const [channel, table] of tables()) {
      await this.#putChanged(curatedChatsKey(day, channel), table);
    }
    // The record is always written: after a cut, nothing shows whether there were tables.
    await this.#record(changeWithoutReport(day, erased));
  }

  /** One month of the table of days. */
  async putDays(month: Month, rows: readonly DayOfChannel[]): Promise<void> {
    await this.#putChanged(curatedDaysKey(month), await writeMonth(DAYS_TABLE, month, rows));
  }

  /** One month of the table of changes. */
  async putChanges(month: Month, changes: readonly Change[]): Promise<void> {
    const table = await writeMonth(CHANGES_TABLE, month, toChangeRows(changes));
    await this.#putChanged(curatedChangesKey(month), table);
  }

  /** Writes a file of a table, if its bytes are new. @returns whether they were */
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

  async #deleteTable(key: string): Promise<true> {
    await this.lake.delete(key);
    return true;
  }

  /**
   * Writes the list of waiting customers. The workbook lists them too, and it comes first. So wherever the list
   * is, the workbook has it. Page and text do not depend on the list.
   */
  async putWaiting(waiting: Waiting): Promise<void> {
    await this.#rederiveWorkbook(waiting);
    await waitings.write(this.lake, waiting.day, waiting);
  }

  /** Only where the day is whole. Otherwise the next derivation makes the workbook too. */
  async #rederiveWorkbook(waiting: Waiting): Promise<void> {
    const { day } = waiting;
    const [summary, digest] = [await this.read({ day }), await this.storedDigest({ day })];
    if (summary === null || digest === null || digest.locale === null || digest.state === 'begun') return;
    const input = await this.inputFor(summary, digest.locale, null);
    const listed = { ...input, waiting: asShown(waiting, summary) };
    if ((await findWorkbook(listed, this.lake)) !== null) return;
    const workbook = await this.#putWorkbook(listed);
    await digests.write(this.lake, { day }, { ...digest, workbook });
  }

  /** @returns null where there is no proven capture, or it does not read back as it was counted */
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
   * Marks the start of a derivation. Until the digest is current again, the files may be of two derivations.
   *
   * @returns what the tables were made from. After a cut, that is the state before it.
   */
  async #begin(summary: Summary, current: Summary | null): Promise<Before> {
    const stored = await this.storedDigest(summary);
    await this.#mark(summary, 'begun');
    if (summary.only === undefined) {
      for (const day of await this.#affectedDays(summary, current)) await this.#mark({ day }, 'stale');
    }
    const isWhole = stored !== null && stored.state !== 'begun';
    const digest = stored?.coverage || current === null ? stored : staleDigestOf(current);
    return { digest, isWhole };
  }

  async #mark(place: ReportPlace, state: 'stale' | 'begun'): Promise<void> {
    const digest = await this.storedDigest(place);
    if (digest === null || digest.state === state || digest.state === 'begun') return;
    await digests.write(this.lake, place, { ...digest, state });
  }

  /** The later days that compare themselves with this one or follow up its customers, where that changes now. */
  async #affectedDays(summary: Summary, current: Summary | null): Promise<Day[]> {
    const { day } = summary;
    const comparedByLater = (one: Summary) => {
      // Reports do not show another day's definitions or targets.
      const { callbacks, looks, definitions, targets, ...compared } = staleDigestOf(one);
      return [compared, one.callbackChanges];
    };
    const isCompared =
      current === null || !isDeepStrictEqual(comparedByLater(current), comparedByLater(summary));
    if (isCompared) return await this.days(addDays(day, 1), addDays(day, farthestOf(summary)));
    // Only the next day follows up customers, and only with the same settings.
    if (current.callbacks.length === summary.callbacks.length) return [];
    const next = await this.digest({ day: addDays(day, 1) });
    return next && asksTheSame(askedOf(next), recipeOf(summary)) ? [next.day] : [];
  }

  /** Whether the tables in the lake are those of the new summary. */
  async #hasTables(
    { was, is: summary }: { was: Summary; is: Summary },
    metrics: Uint8Array,
  ): Promise<boolean> {
    if (!areRowsCountedAlike(was, summary)) return false;
    const { day } = summary;
    const there = await readObject(this.lake, curatedMetricsKey(day));
    if (!there?.equals(metrics)) return false;
    const wanted = provenCaptures(summary.completeness).map(([channel]) => curatedChatsKey(day, channel));
    return isDeepStrictEqual(await this.tables(day), wanted.sort());
  }

  /**
   * Writes the tables of a day. Tables of channels without a proven capture are deleted, so that tables and
   * summary are of the same chats.
   *
   * @returns whether any row changed
   */
  async #putTables(summary: Summary, made: DayExtracts | null, metrics: Uint8Array): Promise<boolean> {
    const { day } = summary;
    let areTablesChanged = false;
    const kept = new Set<string>();
    for await (const [channel, table] of made?.tables() ?? []) {
      const key = curatedChatsKey(day, channel);
      areTablesChanged = (await this.#putChanged(key, table)) || areTablesChanged;
      kept.add(key);
    }
    for (const key of await this.tables(day))
      if (!kept.has(key)) areTablesChanged = await this.#deleteTable(key);
    return (await this.#putChanged(curatedMetricsKey(day), metrics)) || areTablesChanged;
  }

  /** @param chats as in {@link makeWorkbook} */
  async #putWorkbook(input: ReportInput, chats?: PickedChats | null): Promise<StoredWorkbook> {
    const { bytes, stored } = await makeWorkbook(input, this.lake, chats);
    await this.lake.put(reportKey(input.summary, WORKBOOK.file), bytes, contentTypeOf(WORKBOOK));
    return stored;
  }

  async #hasFormats(place: ReportPlace, formats: RenderedFormats): Promise<boolean> {
    for (const [{ file }, bytes] of formats) {
      if (!(await readObject(this.lake, reportKey(place, file)))?.equals(bytes)) return false;
    }
    return true;
  }

  async #finish(
    summary: Summary,
    formats: RenderedFormats,
    made: Pick<Digest, 'locale' | 'workbook'>,
    { before, areTablesChanged, erased }: ChangeContext,
  ): Promise<void> {
    for (const [format, bytes] of formats) {
      await this.lake.put(reportKey(summary, format.file), bytes, contentTypeOf(format));
    }
    await summaries.write(this.lake, summary, summary);
    const digest = digestOf(summary, { state: 'current', ...made });
    if (summary.only === undefined && (areTablesChanged || !before.isWhole)) {
      await this.#record(changeOfDay(before.digest, digest, erased ?? null));
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

/** A day without a report. */
const UNKNOWN = { businessHours: null, isFinal: null };

interface DeriveOptions {
  /** Derives everything again, because the tables themselves may have changed. */
  readonly force?: boolean;
  /** Left out where it is no erasure. */
  readonly erased?: Erased;
}

/** The state before a derivation. */
interface Before {
  readonly digest: Digest | null;
  /**
   * False where the last derivation was cut short, or there was none. The tables may then have changed without
   * a record.
   */
  readonly isWhole: boolean;
}

interface ChangeContext {
  readonly before: Before;
  /** Whether any row of the tables changed. */
  readonly areTablesChanged: boolean;
  readonly erased: Erased | undefined;
}

/** The result of a derivation. */
interface DerivedReport extends Pick<ReportInput, 'silent'> {
  /** The day's summary, as it stands now. */
  readonly summary: Summary;
  /** Reports of other days that could not be read for the comparison. */
  readonly unreadable: readonly Unreadable[];
}

/** Whether a report and its files are of one derivation. */
function isWholeReport(current: Summary | null, digest: Digest | null): boolean {
  const isKnown = current !== null && digest !== null && digest.state !== 'begun';
  return isKnown && isDeepStrictEqual(digest, digestOf(current, digest));
}

/** Whether two derivations from the same captures have the same rows, also in what no figure shows. */
function areRowsCountedAlike(one: Summary, other: Summary): boolean {
  return one.definitions === other.definitions && countsAlike(recipeOf(one), recipeOf(other));
}

async function countChats(capture: OpenCapture): Promise<number> {
  let chats = 0;
  for await (const page of readChatsOf(capture)) chats += page.length;
  return chats;
}

type RenderedFormats = readonly (readonly [ReportFormat, Buffer])[];

function renderFormats(input: ReportInput): RenderedFormats {
  return TEXT_FORMATS.map((format) => [format, Buffer.from(format.render(input))]);
}
