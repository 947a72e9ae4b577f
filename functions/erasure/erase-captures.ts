import type { Day } from '../calendar/day.ts';
import { openZone } from '../calendar/time-zone.ts';
import {
  dialectOf,
  type Manifest,
  type ManifestPage,
  manifests,
  type OpenManifest,
  openManifests,
  packPage,
  readAnswer,
  readAnyAnswer,
  sha256,
  unpackPage,
} from '../capture/captures.ts';
import { addPage } from '../capture/read-chats.ts';
import { RowCensus } from '../capture/row-census.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { type RedactedPage, redactPage } from '../privacy/redact-row.ts';
import type { SuppressionList } from '../privacy/suppression-list.ts';
import type { RowDialect } from '../sources/row-dialect.ts';
import {
  capturePrefix,
  MANIFEST_NAME,
  manifestKey,
  openCapturePrefix,
  pageName,
  RAW_CHATS_PREFIX,
  RAW_OPEN_PREFIX,
} from '../storage/layout.ts';
import { type Lake, readObject } from '../storage/object-store.ts';
import { guessCharset, toUtf8 } from '../text/charset.ts';

/** The files of one capture in raw. It may be unfinished. */
export interface RawCapture {
  readonly day: Day;
  readonly channel: Channel;
  readonly captureId: string;
  readonly hasManifest: boolean;
  /** The keys of its pages, in their order. */
  readonly pages: readonly string[];
}

const KEY = /^raw\/(?:chats|open)\/dt=(\d{4}-\d\d-\d\d)\/channel=([a-z]+)\/capture=([^/]+)\/([^/]+)$/;

/** Every capture, in the order of days, channels and ids, also without a manifest. With `day`: only of that day. */
export function indexRaw(lake: Pick<Lake, 'list'>, day?: Day): Promise<RawCapture[]> {
  return indexUnder(RAW_CHATS_PREFIX, lake, day);
}

/** The same for readings of days that were not over. */
export function indexOpen(lake: Pick<Lake, 'list'>, day?: Day): Promise<RawCapture[]> {
  return indexUnder(RAW_OPEN_PREFIX, lake, day);
}

async function indexUnder(prefix: string, lake: Pick<Lake, 'list'>, day?: Day): Promise<RawCapture[]> {
  const captures = new Map<
    string,
    { head: Omit<RawCapture, 'pages' | 'hasManifest'>; names: Map<string, string> }
  >();
  for await (const key of lake.list(day === undefined ? prefix : `${prefix}dt=${day}/`)) {
    const [, dt = '', channelName, captureId = '', name = ''] = KEY.exec(key) ?? [];
    const channel = CHANNELS.find((one) => one === channelName);
    if (channel === undefined) continue;
    const place = key.slice(0, -name.length);
    const capture = captures.get(place) ?? { head: { day: dt, channel, captureId }, names: new Map() };
    captures.set(place, capture);
    capture.names.set(name, key);
  }
  return [...captures.values()].map(({ head, names }) => ({
    ...head,
    hasManifest: names.has(MANIFEST_NAME),
    pages: [...names].filter(([name]) => name.startsWith('page-')).map(([, key]) => key),
  }));
}

/** A page as it lies in raw. */
export interface OpenedPage {
  /** As it lies there, to the byte. */
  readonly body: Buffer;
  /** The same in UTF-8. */
  readonly utf8: Uint8Array;
  readonly rows: readonly unknown[];
  readonly dialect: RowDialect;
}

/** @returns null when no readable page lies there */
async function readPageAt(lake: Pick<Lake, 'get'>, key: string): Promise<OpenedPage | null> {
  const packed = await readObject(lake, key);
  const body = packed && unpackPage(packed);
  return body && openBody(body);
}

function openPage(packed: Uint8Array, charset: string): OpenedPage | null {
  const body = unpackPage(packed);
  return body && openBody(body, charset);
}

/** @param charset as the manifest says. Undefined: it is guessed @returns null for a body that is no page */
export function openBody(body: Buffer, charset?: string): OpenedPage | null {
  try {
    const utf8 = toUtf8(body, charset ?? guessCharset(body));
    const read = readAnyAnswer(utf8);
    return read && { body, utf8, rows: read.rows, dialect: read.dialect };
  } catch {
    return null;
  }
}

const ERASED_COPY = /^(.*?)(?:-e(\d+))?$/s;

function copyNumber(captureId: string): { first: string; number: number } {
  const [, first = captureId, number = '0'] = ERASED_COPY.exec(captureId) ?? [];
  return { first, number: Number(number) };
}

/**
 * The name of a capture after an erasure: its number is one higher. The copy keeps its place among the captures. An
 * erasure that was killed writes the same files again.
 */
function nextCopy(captureId: string): string {
  const { first, number } = copyNumber(captureId);
  return `${first}-e${number + 1}`;
}

/** The present name of a capture: the name of its last copy. Without a copy it is its own name. */
export function nameNow(
  { day, channel, captureId }: Pick<RawCapture, 'day' | 'channel' | 'captureId'>,
  captures: readonly RawCapture[],
): string {
  const { first } = copyNumber(captureId);
  const copies = captures
    .filter((one) => one.day === day && one.channel === channel && one.hasManifest)
    .filter((one) => copyNumber(one.captureId).first === first)
    .sort((left, right) => copyNumber(left.captureId).number - copyNumber(right.captureId).number);
  return copies.at(-1)?.captureId ?? captureId;
}

/** Whether it has a whole copy. It may still hold the person, and the copy does not. */
function isReplaced({ captureId }: RawCapture, captures: readonly RawCapture[]): boolean {
  return captures.some(
    (one) =>
      one.hasManifest &&
      copyNumber(one.captureId).first === copyNumber(captureId).first &&
      copyNumber(one.captureId).number > copyNumber(captureId).number,
  );
}

/** What an erasure of one lake needs. */
export interface Erasing {
  readonly lake: Lake;
  readonly suppressed: SuppressionList;
  /** When it is, ISO 8601. */
  readonly at: string;
}

/** The number of rows changed, so nothing was replaced. */
class CountChangedError extends Error {
  override readonly name = 'CountChangedError';
}

/**
 * Removes people on the suppression list from all captures of one day and channel.
 *
 * A capture is never changed in its place, because it would be damaged between a new page and its new hash. It is copied
 * under another id, and the copy's manifest is written last. Then the old capture is deleted, manifest first. An erasure
 * that was killed goes on: a capture with a whole copy is deleted, and another copy is written again. Pages without a
 * manifest do not count, so they are replaced in their place.
 *
 * @param captures all captures of that day and channel
 */
export async function eraseRaw(captures: readonly RawCapture[], erasing: Erasing): Promise<void> {
  const { lake, suppressed } = erasing;
  for (const capture of captures) {
    if (isReplaced(capture, captures)) {
      await remove(capture, lake);
      continue;
    }
    if (!(await holdsAny(capture, lake, suppressed))) continue;
    const manifest = capture.hasManifest ? await manifests.read(lake, capture) : null;
    if (manifest === null) await replacePages(capture, erasing);
    else {
      await copy(manifest, erasing);
      await remove(capture, lake);
    }
  }
}

async function holdsAny(
  { pages, channel }: RawCapture,
  lake: Lake,
  suppressed: SuppressionList,
): Promise<boolean> {
  for (const key of pages) {
    const page = await readPageAt(lake, key);
    if (page && redactPage(page.utf8, channel, suppressed, page.dialect)) return true;
  }
  return false;
}

async function replacePages({ pages, channel }: RawCapture, { lake, suppressed }: Erasing): Promise<void> {
  for (const key of pages) {
    const page = await readPageAt(lake, key);
    const redacted = page && redactPage(page.utf8, channel, suppressed, page.dialect);
    if (redacted) await lake.put(key, await packPage(redacted.body));
  }
}

/** Deletes the manifest first, because a capture without it does not count. */
async function remove({ day, channel, captureId, pages }: RawCapture, lake: Lake): Promise<void> {
  await lake.delete(manifestKey(day, channel, captureId));
  for (const key of pages) await lake.delete(key);
}

async function copy(manifest: Manifest, { lake, suppressed, at }: Erasing): Promise<void> {
  const { day, channel, timeZone, clock } = manifest;
  const captureId = nextCopy(manifest.captureId);
  const reading = { dialect: dialectOf(manifest), zone: openZone(timeZone), clock };
  const [before, census] = [new RowCensus(day, channel, reading), new RowCensus(day, channel, reading)];
  const pages: ManifestPage[] = [];
  let rows = 0;
  let isSound = true;
  for (const page of manifest.pages) {
    const copied = await copyPage(manifest, page, captureId, { lake, suppressed });
    pages.push(copied.page);
    rows += copied.erased;
    if (copied.was) addPage(before, page, copied.was);
    if (copied.rows) addPage(census, page, copied.rows);
    else isSound = false;
  }
  if (isSound) assertSameCounts(manifest, before, census);
  const erased: Manifest = {
    ...manifest,
    captureId,
    pages,
    // Unknown names of fields and statuses may have been the person's, so they are counted again.
    drift: census.drift,
    // Later captures of the same chats are without the person too, and must have the same content hash.
    ...(isSound && { fingerprint: census.fingerprint }),
    // The sketch has hashes of the person's chats too. It is empty when not all pages could be read.
    ...(manifest.sketch && { sketch: isSound ? census.sketch : [] }),
    erasures: [...(manifest.erasures ?? []), { at, rows }],
  };
  await manifests.write(lake, erased, erased);
}

interface CopiedPage {
  readonly page: ManifestPage;
  /** The rows before. Null: the page is not what its manifest says. */
  readonly was: readonly unknown[] | null;
  readonly rows: readonly unknown[] | null;
  readonly erased: number;
}

/** Copies a page. A damaged page stays damaged. */
async function copyPage(
  { day, channel, captureId }: Manifest,
  page: ManifestPage,
  copyId: string,
  { lake, suppressed }: Omit<Erasing, 'at'>,
): Promise<CopiedPage> {
  const packed = await readObject(lake, `${capturePrefix(day, channel, captureId)}${pageName(page.page)}`);
  if (packed === null) return { page, was: null, rows: null, erased: 0 };
  const { charset = 'utf-8', ...plain } = page;
  const there = openPage(packed, charset);
  const redacted = there && redactPage(there.utf8, channel, suppressed, there.dialect);
  const key = `${capturePrefix(day, channel, copyId)}${pageName(page.page)}`;
  await lake.put(key, redacted ? await packPage(redacted.body) : packed);
  if (!there || sha256(there.body) !== page.sha256) return { page, was: null, rows: null, erased: 0 };
  if (!redacted) return { page, was: there.rows, rows: there.rows, erased: 0 };
  const { body, erased } = redacted;
  return {
    page: {
      // An edited body is UTF-8.
      ...plain,
      bytes: body.byteLength,
      sha256: sha256(body),
      erased: Math.min(page.rows, (page.erased ?? 0) + erased),
    },
    was: there.rows,
    rows: readAnswer(body, undefined, there.dialect).rows,
    erased,
  };
}

/** An erasure must not change the figures of a proven report. */
function assertSameCounts(manifest: Manifest, before: RowCensus, after: RowCensus): void {
  const [was, counts] = [before.toCounts(), after.toCounts()];
  const names = ['rows', 'unique', 'chats', 'rejected', 'outsideDay'] as const;
  const changed = names.filter((name) => counts[name] !== was[name]);
  if (changed.length === 0) return;
  throw new CountChangedError(
    `${manifest.channel} of ${manifest.day} would have other ${changed.join(', ')} than were proven`,
  );
}

/**
 * Removes people on the suppression list from readings of days that were not over. Such a reading keeps its name, because
 * lists of who waits name it. The manifest is written first. If the erasure is killed after that, the pages still hold the
 * person, so the next erasure finds them and does the same again.
 */
export async function eraseOpen(
  captures: readonly RawCapture[],
  { lake, suppressed }: Pick<Erasing, 'lake' | 'suppressed'>,
): Promise<void> {
  for (const capture of captures) {
    const redacted = new Map<string, RedactedPage>();
    for (const key of capture.pages) {
      const page = await readPageAt(lake, key);
      const without = page && redactPage(page.utf8, capture.channel, suppressed, page.dialect);
      if (without) redacted.set(key, without);
    }
    if (redacted.size === 0) continue;
    const manifest = capture.hasManifest ? await openManifests.read(lake, capture) : null;
    if (manifest !== null) await openManifests.write(lake, manifest, withPages(manifest, redacted));
    for (const [key, { body }] of redacted) await lake.put(key, await packPage(body));
  }
}

function withPages(manifest: OpenManifest, redacted: ReadonlyMap<string, RedactedPage>): OpenManifest {
  const prefix = openCapturePrefix(manifest.day, manifest.channel, manifest.captureId);
  return {
    ...manifest,
    pages: manifest.pages.map((page) => {
      const without = redacted.get(`${prefix}${pageName(page.page)}`);
      if (without === undefined) return page;
      // An edited body is UTF-8.
      const { charset: _, ...plain } = page;
      const { body, erased } = without;
      return { ...plain, bytes: body.byteLength, sha256: sha256(body), erased };
    }),
  };
}
