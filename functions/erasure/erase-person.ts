import type { Random } from '../calendar/clock.ts';
import { addDays, type Day } from '../calendar/day.ts';
import { newCaptureId } from '../capture/captures.ts';
import { CHANNELS } from '../chats/channel.ts';
import { ReportReader } from '../pipeline/report-reader.ts';
import { redactPage } from '../privacy/redact-row.ts';
import {
  type Erasure,
  makeKey,
  newKey,
  readErasures,
  readKey,
  type SuppressionList,
  type ValueSieve,
  writeErasure,
} from '../privacy/suppression-list.ts';
import { FARTHEST_DAYS } from '../report/earlier-days.ts';
import { OFFERS, WORKBOOK } from '../report/formats.ts';
import type { Locale } from '../report/i18n/messages.ts';
import type { HeldLake } from '../storage/changes.ts';
import { dayPrefixes } from '../storage/layout.ts';
import type { Lake, ObjectVersions } from '../storage/object-store.ts';
import {
  isTelling,
  leavingCallbacks,
  leavingRows,
  rederiveDay,
  rederiveWaiting,
  reportedContacts,
  surveyWaiting,
  Tombstones,
  waitingContacts,
  withoutSuppressed,
} from './derived-layers.ts';
import { eraseOpen, eraseRaw, indexOpen, indexRaw, nameNow, type RawCapture } from './erase-captures.ts';
import { findDataSubject, RawPages, type ReportedContact, suppressSubject } from './find-subject.ts';

export interface EraseRequest {
  /** The person's identifier: `id:…`, `phone:…` or `email:…`, as `identifyContact` writes it. */
  readonly given: string;
  /** True: report what would change, and change nothing. */
  readonly dryRun: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface ErasePorts {
  /** A dry run needs no lease. */
  readonly lake: HeldLake;
  readonly outbox: Pick<Lake, 'list' | 'delete'>;
  /** Null: the lake keeps no object versions. */
  readonly objectVersions: ObjectVersions | null;
  /** For reports that do not say their language. */
  readonly locale: Locale;
  readonly random: Random;
}

/** What an erasure removed, or would remove. It has counts and days, and no personal data. */
export interface ErasureReport {
  readonly dryRun: boolean;
  /** The number of customers that the person was counted as. 0: no chat was found. */
  readonly customers: number;
  /** The number of other customers who share a phone or an e-mail. Their rows lose it, and they stay. */
  readonly sharing: number;
  /** The days that change. Some are only derived again. */
  readonly days: readonly Day[];
  /** The days that are only derived again, because an earlier erasure or run did not finish there. */
  readonly renewed: readonly Day[];
  /** Counts in the files of the source's answers. */
  readonly raw: { readonly captures: number; readonly pages: number; readonly rows: number };
  /** Files that are derived again: tables for analysts, and formats of reports. */
  readonly tables: number;
  readonly reports: number;
  /** Files in the outbox that are removed. */
  readonly mails: number;
  /** Object versions that are purged. Null: the lake keeps none, or nothing was changed. */
  readonly versions: number | null;
  /** Unreadable files, which may name any person: of raw, and of reports with an unreadable summary. */
  readonly unreadable: readonly string[];
  /** Days without raw that have tables or a workbook of chats. Their customers cannot be searched. */
  readonly unsearched: readonly Day[];
}

/** What raw holds of people on the suppression list. */
interface Survey {
  readonly captures: ReadonlySet<string>;
  readonly pages: number;
  readonly rows: number;
  readonly days: ReadonlySet<Day>;
  /** The day and channel of these captures. */
  readonly places: readonly Pick<RawCapture, 'day' | 'channel'>[];
  readonly leaving: Tombstones;
  readonly unreadable: readonly string[];
}

/**
 * Removes a person from every layer of a lake, and keeps them out.
 *
 * The suppression list is written before anything changes, with the days to go through. So an erasure that was killed
 * only has to be started again: it removes what the list says, and not what can still be found. It needs the account's
 * lease.
 */
export async function erasePerson(request: EraseRequest, ports: ErasePorts): Promise<ErasureReport> {
  const { lake, outbox, objectVersions, locale, random } = ports;
  const { dryRun, now } = request;
  const captures = await indexRaw(lake);
  const open = await indexOpen(lake);
  const stored = new ReportReader(lake);
  const raw = new RawPages(lake);
  const person = await findDataSubject(
    raw,
    [...captures, ...open],
    request.given,
    await readContacts(stored),
  );
  const before = await readErasures(lake);
  const { suppressed, added } = suppressSubject(
    person,
    request.given,
    before,
    await openKey(lake, dryRun, before, random),
    random,
  );
  // Of people who were erased before, only hashes are known.
  const isFirst = [...before.values()].every(({ values }) => values.length === 0);
  const survey = await surveyRaw(raw, [...captures, ...open], suppressed, isFirst ? person.sought : null);
  const begun = [...before].filter(([, { state }]) => state === 'begun');
  const reports = await surveyReports(stored, captures, suppressed);
  const waiting = await surveyWaiting(stored, captures, survey.places, suppressed);
  const leaving = new Tombstones([
    survey.leaving.toRecord(),
    reports.leaving.toRecord(),
    // The person's rows may be gone already.
    ...begun.map(([, erasure]) => erasure.leaving ?? {}),
  ]);
  const days = [
    ...survey.days,
    ...waiting.days,
    ...begun.flatMap(([, erasure]) => erasure.days),
    ...reports.replaced,
    ...reports.naming,
  ];
  const others = [
    ...(await findFollowing(reports.naming, stored)),
    ...(await findTelling(reports.naming, stored, suppressed)),
  ];
  const sorted = [...new Set([...days, ...others])].sort();
  const report: ErasureReport = {
    dryRun,
    customers: person.customers,
    sharing: person.sharing,
    days: sorted,
    renewed: sorted.filter(
      (day) => !(survey.days.has(day) || reports.naming.has(day) || waiting.naming.has(day)),
    ),
    raw: { captures: survey.captures.size, pages: survey.pages, rows: survey.rows },
    ...(await countDerived(sorted, ports)),
    versions: null,
    unreadable: [...survey.unreadable, ...reports.unreadable, ...waiting.unreadable],
    // On a changed day, tables that cannot be derived again are removed too.
    unsearched: (await findUnsearched(stored, captures)).filter((day) => !sorted.includes(day)),
  };
  if (dryRun) return report;

  const at = new Date(now).toISOString();
  const mine: Erasure = {
    schema: 'chat-report/erasure/1',
    at,
    state: 'begun',
    days: sorted,
    leaving: leaving.toRecord(),
    values: added,
  };
  const unfinished = new Map(begun);
  if (added.length > 0 || sorted.length > 0) {
    const id = newCaptureId(now, random);
    await writeErasure(lake, id, mine);
    unfinished.set(id, mine);
  }
  for (const day of sorted) {
    await deleteMails(day, outbox);
    const ofDay = captures.filter((one) => one.day === day);
    for (const channel of CHANNELS) {
      await eraseRaw(
        ofDay.filter((one) => one.channel === channel),
        { lake, suppressed, at },
      );
    }
    await eraseOpen(
      open.filter((one) => one.day === day),
      { lake, suppressed },
    );
    const afterwards = (await indexRaw(lake, day)).filter((one) => one.day === day);
    const erased = { tombstones: leaving.of(day) };
    await rederiveDay(day, afterwards, { lake, suppressed, locale, erased });
  }
  // A list of who waits needs several days, so it comes after all of them.
  for (const day of sorted) await rederiveWaiting(day, await indexRaw(lake), { lake, suppressed });
  const versions = await purgeVersions(sorted, objectVersions);
  for (const [id, { leaving: _, ...erasure }] of unfinished) {
    await writeErasure(lake, id, { ...erasure, state: 'done', days: [] });
  }
  return { ...report, versions };
}

async function openKey(
  lake: Lake,
  dryRun: boolean,
  erasures: ReadonlyMap<string, Erasure>,
  random: Random,
): Promise<Uint8Array> {
  if (!dryRun) return await makeKey(lake, random);
  // Before the first erasure any key will do.
  return erasures.size === 0 ? newKey(random) : await readKey(lake);
}

/** @param sought all values on the list. Null: they are not known */
async function surveyRaw(
  raw: RawPages,
  captures: readonly RawCapture[],
  suppressed: SuppressionList,
  sought: ValueSieve | null,
): Promise<Survey> {
  const found = { captures: new Set<string>(), days: new Set<Day>() };
  const places: RawCapture[] = [];
  const leaving = new Tombstones();
  let pages = 0;
  let rows = 0;
  for (const capture of captures) {
    const { pages: keys, captureId, day, channel } = capture;
    for (const key of keys) {
      const page = await raw.open(key, sought);
      const redacted = page && redactPage(page.utf8, channel, suppressed, page.dialect);
      if (!(page && redacted)) continue;
      leaving.add(day, leavingRows(page, redacted.body));
      found.captures.add(`${channel} ${captureId}`);
      found.days.add(day);
      if (places.at(-1) !== capture) places.push(capture);
      pages += 1;
      rows += redacted.erased;
    }
  }
  return { ...found, places, leaving, unreadable: raw.unreadable, pages, rows };
}

/** The reports, compared with raw and with the suppression list. */
interface ReportSurvey {
  /** Days whose report is of a capture that was replaced since. A run that worked at the same time leaves such a report. */
  readonly replaced: ReadonlySet<Day>;
  /** Days whose report names a person on the list. */
  readonly naming: ReadonlySet<Day>;
  readonly leaving: Tombstones;
  /**
   * Formats of a report without a readable summary, and formats of another version. They are not deleted. A reader of exit
   * code 3 makes them again from raw (`rebuild`), or deletes them when raw is gone.
   */
  readonly unreadable: readonly string[];
}

async function surveyReports(
  reports: ReportReader,
  captures: readonly RawCapture[],
  suppressed: SuppressionList,
): Promise<ReportSurvey> {
  const replaced = new Set<Day>();
  const naming = new Set<Day>();
  const leaving = new Tombstones();
  const unreadable: string[] = [];
  for (const { place, keys } of await reports.files()) {
    const { day } = place;
    const summary = await reports.read(place);
    // A digest names no customer, and a list of who waits is read on its own.
    const forms = keys.filter((key) => !/\/(digest|waiting)\.json$/.test(key));
    // This version cannot make a format of another version.
    const isMade = (key: string) => summary !== null && OFFERS.some(({ file }) => key.endsWith(`/${file}`));
    unreadable.push(...forms.filter((key) => !isMade(key)));
    if (summary === null) continue;
    const isReplaced = CHANNELS.some((channel) => {
      const captureId = summary.completeness.channels[channel]?.captureId;
      return captureId && nameNow({ day, channel, captureId }, captures) !== captureId;
    });
    if (isReplaced) replaced.add(day);
    const without = withoutSuppressed(summary, suppressed);
    if (without === null) continue;
    naming.add(day);
    leaving.add(day, leavingCallbacks(summary, without));
  }
  return { replaced, naming, leaving, unreadable };
}

/** The days that follow up the callbacks of these days. They have one fewer now. */
async function findFollowing(naming: ReadonlySet<Day>, reports: ReportReader): Promise<Day[]> {
  const following: Day[] = [];
  for (const day of naming) {
    const next = addDays(day, 1);
    if ((await reports.read({ day: next }))?.followUp) following.push(next);
  }
  return following;
}

/** The later days whose reports tell that a person's callback of these days came or went. */
async function findTelling(
  naming: ReadonlySet<Day>,
  reports: ReportReader,
  suppressed: SuppressionList,
): Promise<Day[]> {
  const telling = new Set<Day>();
  for (const of of naming) {
    if (!(await reports.read({ day: of }))?.callbackChanges) continue;
    for (const day of await reports.days(addDays(of, 1), addDays(of, FARTHEST_DAYS))) {
      const summary = telling.has(day) ? null : await reports.read({ day });
      const revised = summary && (await reports.inputFor(summary, 'en', null)).restated;
      if (revised && isTelling(revised, suppressed)) telling.add(day);
    }
  }
  return [...telling];
}

async function readContacts(reports: ReportReader): Promise<ReportedContact[]> {
  const rows: ReportedContact[] = [];
  for (const { place } of await reports.files()) {
    const summary = await reports.read(place);
    if (summary) rows.push(...reportedContacts(summary));
    const waiting = place.only === undefined ? await reports.waiting(place.day) : null;
    if (waiting) rows.push(...waitingContacts(waiting));
  }
  return rows;
}

async function findUnsearched(reports: ReportReader, captures: readonly RawCapture[]): Promise<Day[]> {
  const inRaw = new Set(
    captures.filter((one) => one.hasManifest).map(({ day, channel }) => `${day} ${channel}`),
  );
  const days = new Set<Day>();
  for (const key of await reports.tables()) {
    const [, day, channel] = /dt=([\d-]+)\/channel=([a-z]+)\//.exec(key) ?? [];
    if (day && !inRaw.has(`${day} ${channel}`)) days.add(day);
  }
  for (const { place, keys } of await reports.files()) {
    const { day } = place;
    if (captures.some((one) => one.hasManifest && one.day === day)) continue;
    const hasWorkbook = keys.some((key) => key.endsWith(`/${WORKBOOK.file}`));
    // Of one whose digest does not tell, it may.
    const mayListChats = (await reports.storedDigest(place))?.workbook?.listsChats ?? true;
    if (hasWorkbook && mayListChats) days.add(day);
  }
  return [...days].sort();
}

async function countDerived(
  days: readonly Day[],
  { lake, outbox }: ErasePorts,
): Promise<Pick<ErasureReport, 'tables' | 'reports' | 'mails'>> {
  const reports = new ReportReader(lake);
  const counts = { tables: 0, reports: 0, mails: 0 };
  for (const day of days) {
    counts.tables += (await reports.tables(day)).length + Number(await reports.hasMetrics(day));
    for (const { place, keys } of await reports.files(day)) {
      if ((await reports.read(place)) !== null) counts.reports += keys.length;
    }
    counts.mails += (await mailsOf(day, outbox)).length;
  }
  return counts;
}

/** A mail does not say of which version of the report it was made. So all mails of the day go, and a run writes new ones. */
async function deleteMails(day: Day, outbox: ErasePorts['outbox']): Promise<void> {
  for (const key of await mailsOf(day, outbox)) await outbox.delete(key);
}

async function mailsOf(day: Day, outbox: ErasePorts['outbox']): Promise<string[]> {
  return await Array.fromAsync(outbox.list(`${day}-report-`));
}

async function purgeVersions(
  days: readonly Day[],
  objectVersions: ObjectVersions | null,
): Promise<number | null> {
  if (objectVersions === null) return null;
  let versions = 0;
  for (const prefix of days.flatMap(dayPrefixes)) versions += await objectVersions.purge(prefix);
  return versions;
}
