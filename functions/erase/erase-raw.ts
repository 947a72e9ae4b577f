import { addPage } from '../capture/open-capture.ts';
import { RowCensus } from '../capture/row-census.ts';
import type { KeepOut } from '../keep-out/keep-out.ts';
import { redactPage } from '../keep-out/redact-page.ts';
import { packPage, readRows, sha256 } from '../storage/captures.ts';
import { capturePrefix, manifestKey, pageName } from '../storage/keys.ts';
import { type Lake, readObject } from '../storage/lake.ts';
import { type Manifest, type ManifestPage, manifests } from '../storage/manifest.ts';
import { openZone } from '../time/zone.ts';
import { isReplaced, nextCopy, openPage, type RawCapture, readPageAt } from './raw-index.ts';

/** How an erasure goes about one lake. */
export interface Erasing {
  readonly lake: Lake;
  readonly keepOut: KeepOut;
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
  const { lake, keepOut } = erasing;
  for (const capture of captures) {
    if (isReplaced(capture, captures)) {
      await remove(capture, lake);
      continue;
    }
    if (!(await holdsAny(capture, lake, keepOut))) continue;
    const manifest = capture.hasManifest ? await manifests.read(lake, capture) : null;
    if (manifest === null) await replacePages(capture, erasing);
    else {
      await copy(manifest, erasing);
      await remove(capture, lake);
    }
  }
}

async function holdsAny({ pages, channel }: RawCapture, lake: Lake, keepOut: KeepOut): Promise<boolean> {
  for (const key of pages) {
    const page = await readPageAt(lake, key);
    if (page && redactPage(page.utf8, channel, keepOut)) return true;
  }
  return false;
}

async function replacePages({ pages, channel }: RawCapture, { lake, keepOut }: Erasing): Promise<void> {
  for (const key of pages) {
    const page = await readPageAt(lake, key);
    const redacted = page && redactPage(page.utf8, channel, keepOut);
    if (redacted) await lake.put(key, await packPage(redacted.body));
  }
}

/** Without its manifest it counts for nothing, so that goes first. */
async function remove({ day, channel, captureId, pages }: RawCapture, lake: Lake): Promise<void> {
  await lake.delete(manifestKey(day, channel, captureId));
  for (const key of pages) await lake.delete(key);
}

async function copy(manifest: Manifest, { lake, keepOut, at }: Erasing): Promise<void> {
  const { day, channel, timeZone, clock } = manifest;
  const captureId = nextCopy(manifest.captureId);
  const reading = { zone: openZone(timeZone), clock };
  const [before, census] = [new RowCensus(day, channel, reading), new RowCensus(day, channel, reading)];
  const pages: ManifestPage[] = [];
  let rows = 0;
  let isSound = true;
  for (const page of manifest.pages) {
    const copied = await copyPage(manifest, page, captureId, { lake, keepOut });
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
  { lake, keepOut }: Omit<Erasing, 'at'>,
): Promise<CopiedPage> {
  const packed = await readObject(lake, `${capturePrefix(day, channel, captureId)}${pageName(page.page)}`);
  if (packed === null) return { page, was: null, rows: null, erased: 0 };
  const { charset = 'utf-8', ...plain } = page;
  const there = await openPage(packed, charset);
  const redacted = there && redactPage(there.utf8, channel, keepOut);
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
