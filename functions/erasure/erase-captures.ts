import type { Day } from '../calendar/day.ts';
import { openZone } from '../calendar/time-zone.ts';
import {
  type Manifest,
  type ManifestPage,
  manifests,
  type OpenManifest,
  openManifests,
  packPage,
  readRows,
  sha256,
  unpackPage,
} from '../capture/captures.ts';
import { addPage } from '../capture/read-chats.ts';
import { RowCensus } from '../capture/row-census.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { type RedactedPage, redactPage } from '../privacy/redact-row.ts';
import type { SuppressionList } from '../privacy/suppression-list.ts';
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

/** What lies in raw of one capture, finished or not. */
export interface RawCapture {
  readonly day: Day;
  readonly channel: Channel;
  readonly captureId: string;
  readonly hasManifest: boolean;
  /** The keys of its pages, in order. */
  readonly pages: readonly string[];
}

const KEY = /^raw\/(?:chats|open)\/dt=(\d{4}-\d\d-\d\d)\/channel=([a-z]+)\/capture=([^/]+)\/([^/]+)$/;

/** Every capture, in the order of days, channels and ids, and those that have no manifest; of one day, where that is given. */
export function indexRaw(lake: Pick<Lake, 'list'>, day?: Day): Promise<RawCapture[]> {
  return indexUnder(RAW_CHATS_PREFIX, lake, day);
}

/** The same of what was read of days that were not over. */
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
  /** To the byte. */
  readonly body: Buffer;
  /** The same in UTF-8. */
  readonly utf8: Uint8Array;
  readonly rows: readonly unknown[];
}

/** @returns null where what lies there is no page that can be read */
export async function readPageAt(lake: Pick<Lake, 'get'>, key: string): Promise<OpenedPage | null> {
  const packed = await readObject(lake, key);
  return packed && (await openPage(packed));
}

/** @param charset where the manifest says one */
async function openPage(packed: Uint8Array, charset?: string): Promise<OpenedPage | null> {
  const body = await unpackPage(packed);
  try {
    if (body === null) return null;
    const utf8 = toUtf8(body, charset ?? guessCharset(body));
    return { body, utf8, rows: readRows(utf8) };
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
 * What a capture is called once somebody was erased from it: a number more. It stands in the same place among the
 * others, and whoever was killed over it and begins anew writes the same files.
 */
function nextCopy(captureId: string): string {
  const { first, number } = copyNumber(captureId);
  return `${first}-e${number + 1}`;
}

/** Under which name a capture lies now: that of its last copy, and its own where none of them is there. */
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

/** Whether a copy of it is whole, without somebody whom it may hold itself. */
function isReplaced({ captureId }: RawCapture, captures: readonly RawCapture[]): boolean {
  return captures.some(
    (one) =>
      one.hasManifest &&
      copyNumber(one.captureId).first === copyNumber(captureId).first &&
      copyNumber(one.captureId).number > copyNumber(captureId).number,
  );
}

/** How an erasure goes about one lake. */
export interface Erasing {
  readonly lake: Lake;
  readonly suppressed: SuppressionList;
  /** When it is, ISO 8601. */
  readonly at: string;
}

/** The rows are not as many as they were: nothing was replaced by them. */
class CountChangedError extends Error {
  override readonly name = 'CountChangedError';
}

/**
 * Takes whoever is kept out from all that was captured of one day and channel.
 *
 * A capture is never changed in its place: between a new page and its new hash it would be damaged. It is copied under
 * another id, whose manifest is written last, and then deleted, manifest first. Whoever was killed over that goes on:
 * what has a whole copy is deleted, and a copy that is not whole is written again. Pages that no manifest speaks of
 * count for nothing, and are replaced where they are.
 *
 * @param captures all of that day and channel
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
    if (page && redactPage(page.utf8, channel, suppressed)) return true;
  }
  return false;
}

async function replacePages({ pages, channel }: RawCapture, { lake, suppressed }: Erasing): Promise<void> {
  for (const key of pages) {
    const page = await readPageAt(lake, key);
    const redacted = page && redactPage(page.utf8, channel, suppressed);
    if (redacted) await lake.put(key, await packPage(redacted.body));
  }
}

/** Without its manifest it counts for nothing, so that goes first. */
async function remove({ day, channel, captureId, pages }: RawCapture, lake: Lake): Promise<void> {
  await lake.delete(manifestKey(day, channel, captureId));
  for (const key of pages) await lake.delete(key);
}

async function copy(manifest: Manifest, { lake, suppressed, at }: Erasing): Promise<void> {
  const { day, channel, timeZone, clock } = manifest;
  const captureId = nextCopy(manifest.captureId);
  const reading = { zone: openZone(timeZone), clock };
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
    // Names of fields and statuses, of what can still be read: they may have been the person's.
    drift: census.drift,
    // Later captures of the same chats are kept without the person too, and are to be found the same.
    ...(isSound && { fingerprint: census.fingerprint }),
    // Hashes of their chats too; where not all could be read, it tells channels apart no more.
    ...(manifest.sketch && { sketch: isSound ? census.sketch : [] }),
    erasures: [...(manifest.erasures ?? []), { at, rows }],
  };
  await manifests.write(lake, erased, erased);
}

interface CopiedPage {
  readonly page: ManifestPage;
  /** As they were; null of a page that is not what its manifest says. */
  readonly was: readonly unknown[] | null;
  readonly rows: readonly unknown[] | null;
  readonly erased: number;
}

/** One that was damaged before stays so. */
async function copyPage(
  { day, channel, captureId }: Manifest,
  page: ManifestPage,
  copyId: string,
  { lake, suppressed }: Omit<Erasing, 'at'>,
): Promise<CopiedPage> {
  const packed = await readObject(lake, `${capturePrefix(day, channel, captureId)}${pageName(page.page)}`);
  if (packed === null) return { page, was: null, rows: null, erased: 0 };
  const { charset = 'utf-8', ...plain } = page;
  const there = await openPage(packed, charset);
  const redacted = there && redactPage(there.utf8, channel, suppressed);
  const key = `${capturePrefix(day, channel, copyId)}${pageName(page.page)}`;
  await lake.put(key, redacted ? await packPage(redacted.body) : packed);
  if (!there || sha256(there.body) !== page.sha256) return { page, was: null, rows: null, erased: 0 };
  if (!redacted) return { page, was: there.rows, rows: there.rows, erased: 0 };
  const { body, erased } = redacted;
  return {
    page: {
      // What is written anew is UTF-8.
      ...plain,
      bytes: body.byteLength,
      sha256: sha256(body),
      erased: Math.min(page.rows, (page.erased ?? 0) + erased),
    },
    was: there.rows,
    rows: readRows(body),
    erased,
  };
}

/** A report that was proven must not become another because somebody is not in it by name any more. */
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
 * Takes whoever is kept out from what was read of days that were not over. Such a reading keeps its name, since lists of who
 * waits rest on it. The manifest is written first: what was cut off after that still holds the person, so it is found and
 * done again, and comes to the same.
 */
export async function eraseOpen(
  captures: readonly RawCapture[],
  { lake, suppressed }: Pick<Erasing, 'lake' | 'suppressed'>,
): Promise<void> {
  for (const capture of captures) {
    const redacted = new Map<string, RedactedPage>();
    for (const key of capture.pages) {
      const page = await readPageAt(lake, key);
      const without = page && redactPage(page.utf8, capture.channel, suppressed);
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
      // What is written again is UTF-8.
      const { charset: _, ...plain } = page;
      const { body, erased } = without;
      return { ...plain, bytes: body.byteLength, sha256: sha256(body), erased };
    }),
  };
}
