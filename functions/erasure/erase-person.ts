import type { Random } from '../calendar/clock.ts';
import { addDays, type Day } from '../calendar/day.ts';
import { newCaptureId } from '../capture/captures.ts';
import { CHANNELS } from '../chats/channel.ts';
import { toErased } from '../chats/customer-identity.ts';
import { publicKey } from '../chats/people.ts';
import { ReportReader } from '../pipeline/report-reader.ts';
import { redactPage } from '../privacy/redact-row.ts';
import {
  type Erasure,
  makeKey,
  newKey,
  readErasures,
  readKey,
  type SuppressedValue,
  SuppressionList,
  writeErasure,
} from '../privacy/suppression-list.ts';
import { FARTHEST_DAYS } from '../report/earlier-days.ts';
import { OFFERS, WORKBOOK } from '../report/formats.ts';
import type { Locale } from '../report/i18n/messages.ts';
import type { HeldLake } from '../storage/changes.ts';
import { dayPrefixes } from '../storage/layout.ts';
import type { Lake, ObjectVersions } from '../storage/object-store.ts';
import {
  contactRows,
  isTelling,
  leavingCallbacks,
  leavingRows,
  rederiveDay,
  rederiveWaiting,
  surveyWaiting,
  Tombstones,
  waitingRows,
  withoutSuppressed,
} from './derived-layers.ts';
import {
  eraseOpen,
  eraseRaw,
  indexOpen,
  indexRaw,
  nameNow,
  type RawCapture,
  readPageAt,
} from './erase-captures.ts';
import { type DataSubject, findDataSubject } from './find-subject.ts';

export interface EraseRequest {
  /** Who is meant: `id:…`, `phone:…` or `email:…`, normalized as `identifyContact` does. */
  readonly given: string;
  /** Nothing is changed, and it is told what would be. */
  readonly dryRun: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface ErasePorts {
  /** Where nothing is to be changed, its lease need not be held. */
  readonly lake: HeldLake;
  readonly outbox: Pick<Lake, 'list' | 'delete'>;
  /** Null where the lake keeps none. */
  readonly objectVersions: ObjectVersions | null;
  /** For reports that do not say their language. */
  readonly locale: Locale;
  readonly random: Random;
}

/** What was removed, or would be: counts and days, nobody's data. */
export interface ErasureReport {
  readonly dryRun: boolean;
  /** How many customers the person was counted as; 0 where no chat of theirs was found. */
  readonly customers: number;
  /** Others who have a phone or an e-mail of theirs: it was taken from their rows, and they stay. */
  readonly sharing: number;
  /** The days that something was or would be removed from, and those that were or would only be renewed. */
  readonly days: readonly Day[];
  /** Of these, the ones in which nobody was found: an earlier erasure or a run had not come to its end there. */
  readonly renewed: readonly Day[];
  /** In the files of CareSoft's answers. */
  readonly raw: { readonly captures: number; readonly pages: number; readonly rows: number };
  /** Files that were made anew, or would be: tables for analysts, and forms of reports. */
  readonly tables: number;
  readonly reports: number;
  /** Files in the outbox that were removed, or would be. */
  readonly mails: number;
  /** Older versions of files that a bucket kept; null where none are kept, or nothing was changed. */
  readonly versions: number | null;
  /** Files that could not be read, and may name anybody: of raw, and of reports whose summary cannot be read. */
  readonly unreadable: readonly string[];
  /** Days whose raw is gone, with tables or a workbook of chats: whom they name cannot be told. */
  readonly unsearched: readonly Day[];
}

/** What raw holds of who is kept out. */
interface Survey {
  readonly captures: ReadonlySet<string>;
  readonly pages: number;
  readonly rows: number;
  readonly days: ReadonlySet<Day>;
  /** Of which day and channel these captures are. */
  readonly places: readonly Pick<RawCapture, 'day' | 'channel'>[];
  readonly leaving: Tombstones;
  readonly unreadable: readonly string[];
}

/**
 * Removes a person from every layer of a lake, and sees to it that they do not come back.
 *
 * The list of who is kept out is written before anything is changed, with the days that are to be gone through. So
 * whoever was killed over it is only to be started again: what is removed is what the list says, not what is found of
 * the person by then. It has to be done under the account's lease.
 */
export async function erasePerson(request: EraseRequest, ports: ErasePorts): Promise<ErasureReport> {
  const { lake, outbox, objectVersions, locale, random } = ports;
  const { dryRun, now } = request;
  const captures = await indexRaw(lake);
  const open = await indexOpen(lake);
  const stored = new ReportReader(lake);
  const person = await findDataSubject(
    lake,
    [...captures, ...open],
    request.given,
    await readContactRows(stored),
  );
  const before = await readErasures(lake);
  const { suppressed, added } = listPerson(
    person,
    request.given,
    before,
    await openKey(lake, dryRun, before, random),
    random,
  );
  const survey = await surveyRaw(lake, [...captures, ...open], suppressed);
  const begun = [...before].filter(([, { state }]) => state === 'begun');
  const reports = await surveyReports(stored, captures, suppressed);
  const waiting = await surveyWaiting(stored, captures, survey.places, suppressed);
  const leaving = new Tombstones([
    survey.leaving.toRecord(),
    reports.leaving.toRecord(),
    // Their rows may be gone already.
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
    // Of a day that something is removed from, tables that cannot be made anew are removed too.
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
  // Each rests on several days: once all of them are without the person.
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
  // Where nobody was ever erased, nothing has to agree with it.
  return erasures.size === 0 ? newKey(random) : await readKey(lake);
}

/** @returns the list with the person on it, and what was added to it */
function listPerson(
  { values, sameAs }: DataSubject,
  given: string,
  erasures: ReadonlyMap<string, Erasure>,
  key: Uint8Array,
  random: Random,
): { suppressed: SuppressionList; added: SuppressedValue[] } {
  const known = [...erasures.values()].flatMap((erasure) => erasure.values);
  const before = new SuppressionList(key, known);
  // Who was counted as one customer is one still.
  const customers = new Map<string, string>();
  for (const value of values) {
    const customer = before.find(value)?.customer;
    if (customer !== undefined && !customers.has(sameAs(value))) customers.set(sameAs(value), customer);
  }
  const added = [...values].flatMap((value): SuppressedValue[] => {
    const there = before.find(value);
    const isGiven = value === given;
    if (there && (there.given || !isGiven)) return [];
    const customer = there?.customer ?? customers.get(sameAs(value)) ?? toErased(random.hex(8));
    customers.set(sameAs(value), customer);
    // By the public key a report's list of callbacks names them, where it is all that is left.
    return formsOf(value).map((form) => ({
      hash: before.hash(form),
      customer,
      given: isGiven,
    }));
  });
  return { suppressed: new SuppressionList(key, [...known, ...added]), added };
}

/** A value, and the public keys by which a report's list of callbacks may name it, those of earlier versions too. */
function formsOf(value: string): string[] {
  if (value.startsWith('id:')) return [value];
  const [, national] = /^phone:(0\d+)$/.exec(value) ?? [];
  const before = national === undefined ? [] : [`phone:0${national}`, `phone:${national.slice(1)}`];
  return [value, ...[value, ...before].map(publicKey)];
}

async function surveyRaw(
  lake: Lake,
  captures: readonly RawCapture[],
  suppressed: SuppressionList,
): Promise<Survey> {
  const found = { captures: new Set<string>(), days: new Set<Day>() };
  const places: RawCapture[] = [];
  const unreadable: string[] = [];
  const leaving = new Tombstones();
  let pages = 0;
  let rows = 0;
  for (const capture of captures) {
    const { pages: keys, captureId, day, channel } = capture;
    for (const key of keys) {
      const page = await readPageAt(lake, key);
      if (page === null) unreadable.push(key);
      const redacted = page && redactPage(page.utf8, channel, suppressed);
      if (!(page && redacted)) continue;
      leaving.add(day, leavingRows(page.rows, redacted.body));
      found.captures.add(`${channel} ${captureId}`);
      found.days.add(day);
      if (places.at(-1) !== capture) places.push(capture);
      pages += 1;
      rows += redacted.erased;
    }
  }
  return { ...found, places, leaving, unreadable, pages, rows };
}

/** What the reports are, held against raw and against who is kept out. */
interface ReportSurvey {
  /** Days whose report is of a capture that was replaced since, as a run leaves it that was at work all the while. */
  readonly replaced: ReadonlySet<Day>;
  /** Days whose report names somebody who is kept out. */
  readonly naming: ReadonlySet<Day>;
  readonly leaving: Tombstones;
  /**
   * The forms of a report without a summary that can be read, and forms that are not of this version. They are not deleted: who reads exit 3 has them made
   * anew from raw (`rebuild`), or deletes them, where raw is gone and nothing else is left of the day.
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
    // A digest names no customer, and a list of who waits is read by itself.
    const forms = keys.filter((key) => !/\/(digest|waiting)\.json$/.test(key));
    // A form that another version left is made again by none.
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

/** The days after these that tell what became of those who were to be called back: one fewer now. */
async function findFollowing(naming: ReadonlySet<Day>, reports: ReportReader): Promise<Day[]> {
  const following: Day[] = [];
  for (const day of naming) {
    const next = addDays(day, 1);
    if ((await reports.read({ day: next }))?.followUp) following.push(next);
  }
  return following;
}

/** The later days whose mails told of them that they were to be called of these, or no longer. */
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
      const revised = summary && (await reports.inputFor(summary, 'en', null)).revised;
      if (revised && isTelling(revised, suppressed)) telling.add(day);
    }
  }
  return [...telling];
}

async function readContactRows(reports: ReportReader): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (const { place } of await reports.files()) {
    const summary = await reports.read(place);
    if (summary) rows.push(...contactRows(summary));
    const waiting = place.only === undefined ? await reports.waiting(place.day) : null;
    if (waiting) rows.push(...waitingRows(waiting));
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

/** A mail does not tell of which version of the day's report it was made, so all of them go; a run writes them anew. */
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
