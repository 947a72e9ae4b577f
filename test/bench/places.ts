import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Day } from '../../functions/calendar/day.ts';
import type { Manifest } from '../../functions/capture/captures.ts';

/** Where things lie in a lake of the bench. It loads nothing of the program, so that yardsticks are measured alone. */

/** The day that the stages derive. */
export const DAY: Day = '2026-11-20';

/** A proven capture of the day, and the folder of its pages. */
export interface KeptCapture {
  readonly manifest: Manifest;
  readonly folder: string;
}

/** The captures of a day, one for each channel. @param day `*` for all days */
export function capturesOf(lake: string, day = DAY): KeptCapture[] {
  return globSync(join(lake, `raw/chats/dt=${day}/*/*/manifest.json`))
    .toSorted()
    .map((path) => ({ manifest: JSON.parse(readFileSync(path, 'utf8')), folder: dirname(path) }));
}

/** The files of a capture whose rows count, in their order. */
export function pagesOf({
  manifest,
  folder,
}: KeptCapture): { page: Manifest['pages'][number]; path: string }[] {
  return manifest.pages
    .filter(({ use = 'rows' }) => use === 'rows')
    .map((page) => ({ page, path: join(folder, `page-${String(page.page).padStart(4, '0')}.json.gz`) }));
}
