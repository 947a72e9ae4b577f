import { type RedactedPage, redactPage } from '../keep-out/redact-page.ts';
import { packPage, sha256 } from '../storage/captures.ts';
import { openCapturePrefix, pageName } from '../storage/keys.ts';
import { type OpenManifest, openManifests } from '../storage/open-manifest.ts';
import type { Erasing } from './erase-raw.ts';
import { type RawCapture, readPageAt } from './raw-index.ts';

/**
 * Takes whoever is kept out from what was read of days that were not over. Such a reading keeps its name, since lists of who
 * waits rest on it. The manifest is written first: what was cut off after that still holds the person, so it is found and
 * done again, and comes to the same.
 */
export async function eraseOpen(
  captures: readonly RawCapture[],
  { lake, keepOut }: Pick<Erasing, 'lake' | 'keepOut'>,
): Promise<void> {
  for (const capture of captures) {
    const redacted = new Map<string, RedactedPage>();
    for (const key of capture.pages) {
      const page = await readPageAt(lake, key);
      const without = page && redactPage(page.utf8, capture.channel, keepOut);
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
