import { isDeepStrictEqual } from 'node:util';
import { provenChannels } from '../capture/completeness.ts';
import { type OpenCapture, openCapture, readChatsOf } from '../capture/open-capture.ts';
import { CHANNELS, type Channel } from '../chat/channel.ts';
import type { Chat } from '../chat/chat.ts';
import { isFinal } from '../curate/metrics-table.ts';
import { writeChats } from '../curate/write-chats.ts';
import { writeMetrics } from '../curate/write-metrics.ts';
import { type DayFacts, readDayFacts } from '../measure/day-facts.ts';
import type { Summary } from '../measure/summary.ts';
import type { Waiting } from '../measure/waiting.ts';
import { type Digest, digestOf, questionOf, type StoredWorkbook, staleDigestOf } from '../report/digest.ts';
import { farthestOf } from '../report/earlier-days.ts';
import { renderHtml } from '../report/render-html.ts';
import { renderText } from '../report/render-text.ts';
import type { ReportInput } from '../report/report.ts';
import type { Locale } from '../report/words.ts';
import { DamagedCaptureError, findCaptures } from '../storage/captures.ts';
import { curatedChatsKey, curatedMetricsKey, type ReportPlace, reportKey } from '../storage/keys.ts';
import { type Lake, readObject } from '../storage/lake.ts';
import { manifests } from '../storage/manifest.ts';
import { addDays, type Day } from '../time/report-day.ts';
import { findWorkbook, makeWorkbook } from './own-report.ts';
import { digests, ReportReader, summaries, type Unreadable, waitings } from './report-reader.ts';
import { type Basis, readFacts, summarize } from './summarize.ts';

/**
 * The only writer of `reports/` and `curated/`, claims and receipts of mail aside. Each of its functions is to be called
 * under the account's lease.
 *
 * All that is derived of a day is written in one order: tables, forms, summary, digest. Before the first of them the
 * digest says `begun`, and the last makes it current again: in between the rest may be of two makings, and where a run
 * was killed there, the next one derives the day again. Until then the summary is what holds.
 */
export class ReportStore extends ReportReader<Lake> {
  /**
   * Derives all that is made of proven captures: tables, forms, summary and digest. From the same captures and settings
   * it is the same to the byte, and what lies there already is not written again.
   *
   * @param force write it all the same: the tables themselves may have changed
   * @throws DamagedCaptureError when a raw page is not what was received, or a capture is gone
   */
  async derive(basis: Basis, locale: Locale, { force = false } = {}): Promise<Derived> {
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
    const workbook = force ? null : await this.#standingWorkbook(input);
    const forms = formsOf(input);
    const isCurrent =
      hasTables &&
      workbook !== null &&
      isDeepStrictEqual(digest, digestOf(summary, { state: 'current', locale, workbook }));
    if (isCurrent && (await this.#hasForms(summary, forms)))
      return { summary, unreadable, silent: input.silent };

    await this.#begin(summary, standing);
    if (metrics !== null && !hasTables) await this.#putTables(summary, facts, metrics);
    const put = workbook ?? (await this.#putWorkbook(input));
    await this.#finish(summary, forms, { locale, workbook: put });
    return { summary, unreadable, silent: input.silent };
  }

  /**
   * The same where captures are damaged or gone, so that nothing can be counted again: the figures stay as they were.
   *
   * @param summary as it is to stand
   * @param tables whether what was made of chats stays; else it goes, since it may name who is to be gone
   */
  async deriveWithoutRaw(summary: Summary, locale: Locale, tables: 'kept' | 'dropped'): Promise<void> {
    const { day, only } = summary;
    const input = await this.inputFor(summary, locale, null);
    const { workbook: there } = (await this.storedDigest(summary)) ?? {};
    await this.#begin(summary, await this.read(summary));
    if (only === undefined) {
      const dropped = tables === 'dropped' ? CHANNELS : [];
      for (const channel of dropped) await this.lake.delete(curatedChatsKey(day, channel));
      await this.lake.put(curatedMetricsKey(day), await writeMetrics(summary));
    }
    // One without chats needs no raw to be made again.
    const isKept = tables === 'kept' && there?.listsChats !== false;
    const workbook = isKept ? await this.#standingWorkbook(input) : await this.#putWorkbook(input, false);
    await this.#finish(summary, formsOf(input), { locale, workbook });
  }

  /**
   * Of a day whose report is gone: each table of chats from the latest proven capture, or else not at all. The table of
   * figures is made of the report, and may name a page by a phone number that stands in its address.
   */
  async deriveTables(day: Day): Promise<void> {
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
      if (capture) await this.lake.put(key, await writeChats(this.lake, capture.manifest, of));
      else await this.lake.delete(key);
    }
  }

  /** Beside the forms, which say nothing of it: they are made of the day's captures alone. */
  async putWaiting(waiting: Waiting): Promise<void> {
    await waitings.write(this.lake, waiting.day, waiting);
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

  /** From here on until the digest is current again, what stands may be of two makings. */
  async #begin(summary: Summary, standing: Summary | null): Promise<void> {
    await this.#mark(summary, 'begun');
    if (summary.only !== undefined) return;
    for (const day of await this.#affectedDays(summary, standing)) await this.#mark({ day }, 'stale');
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
      // No report names another day's definitions: where they are others, figures mostly are not.
      const { callbacks, looks, definitions, ...compared } = staleDigestOf(one);
      return [compared, one.callbackChanges];
    };
    const isCompared = standing === null || !isDeepStrictEqual(saysToLater(standing), saysToLater(summary));
    if (isCompared) return await this.days(addDays(day, 1), addDays(day, farthestOf(summary)));
    // Customers are followed up by the day after alone, and only where that is of the same chats.
    if (standing.callbacks.length === summary.callbacks.length) return [];
    const next = await this.digest({ day: addDays(day, 1) });
    return next && isDeepStrictEqual(questionOf(next), questionOf(staleDigestOf(summary))) ? [next.day] : [];
  }

  async #hasTables(summary: Summary, metrics: Uint8Array): Promise<boolean> {
    const { day } = summary;
    const there = await readObject(this.lake, curatedMetricsKey(day));
    if (!there?.equals(metrics)) return false;
    const wanted = capturesOf(summary).map(([channel]) => curatedChatsKey(day, channel));
    return isDeepStrictEqual(await this.tables(day), wanted.sort());
  }

  /** What an earlier report left of channels that this one did not ask for is removed: tables and summary are of the same chats. */
  async #putTables(summary: Summary, counted: DayFacts | null, metrics: Uint8Array): Promise<void> {
    const { day } = summary;
    const facts = counted ?? (await readFacts(summary, this.lake));
    const kept = new Set<string>();
    for (const [channel, captureId] of capturesOf(summary)) {
      const manifest = await manifests.read(this.lake, { day, channel, captureId });
      if (manifest === null) {
        throw new DamagedCaptureError(`the manifest of ${captureId} cannot be read`, { channel });
      }
      const key = curatedChatsKey(day, channel);
      await this.lake.put(
        key,
        await writeChats(this.lake, manifest, { ...facts, isFinal: isFinal(summary) }),
      );
      kept.add(key);
    }
    for (const key of await this.tables(day)) if (!kept.has(key)) await this.lake.delete(key);
    await this.lake.put(curatedMetricsKey(day), metrics);
  }

  async #putWorkbook(input: ReportInput, listsChats = true): Promise<StoredWorkbook> {
    const { bytes, ...stored } = await makeWorkbook(input, this.lake, listsChats);
    await this.lake.put(reportKey(input.summary, 'report.xlsx'), bytes);
    return stored;
  }

  /** The other forms are made again in no time, but this one reads every chat. */
  async #standingWorkbook(input: ReportInput): Promise<StoredWorkbook | null> {
    const found = await findWorkbook(input, this.lake);
    if (found === null) return null;
    const { bytes, ...stored } = found;
    return stored;
  }

  async #hasForms(place: ReportPlace, forms: Forms): Promise<boolean> {
    for (const [file, bytes] of forms) {
      if (!(await readObject(this.lake, reportKey(place, file)))?.equals(bytes)) return false;
    }
    return true;
  }

  async #finish(summary: Summary, forms: Forms, made: Pick<Digest, 'locale' | 'workbook'>): Promise<void> {
    for (const [file, bytes] of forms) await this.lake.put(reportKey(summary, file), bytes);
    await summaries.write(this.lake, summary, summary);
    await digests.write(this.lake, summary, digestOf(summary, { state: 'current', ...made }));
  }
}

/** What a day came to. */
interface Derived extends Pick<ReportInput, 'silent'> {
  readonly summary: Summary;
  /** The reports of other days that it could not be compared with. */
  readonly unreadable: readonly Unreadable[];
}

/** Whether the rows of two makings from the same captures are alike in what no figure tells. */
function areRowsAlike(one: Summary, other: Summary): boolean {
  return one.definitions === other.definitions && one.businessHours?.hours === other.businessHours?.hours;
}

async function* readAll(captures: Iterable<OpenCapture>): AsyncGenerator<readonly Chat[]> {
  for (const capture of captures) yield* readChatsOf(capture);
}

async function countChats(capture: OpenCapture): Promise<number> {
  let chats = 0;
  for await (const page of readChatsOf(capture)) chats += page.length;
  return chats;
}

type Forms = readonly (readonly ['report.html' | 'report.txt', Buffer])[];

function formsOf(input: ReportInput): Forms {
  return [
    ['report.html', Buffer.from(renderHtml(input))],
    ['report.txt', Buffer.from(renderText(input))],
  ];
}

/** The captures that a summary was counted from. */
function capturesOf({ completeness }: Summary): [Channel, string][] {
  return provenChannels(completeness).flatMap((channel): [Channel, string][] => {
    const captureId = completeness.channels[channel]?.captureId;
    return captureId ? [[channel, captureId]] : [];
  });
}
