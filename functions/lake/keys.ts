import type { Channel } from '../chat/channel.ts';
import type { Day } from '../time/report-day.ts';

/** The names of everything in the lake, in one place: the same in a folder and in a bucket. */

export function rawChannelPrefix(day: Day, channel: Channel): string {
  return `raw/chats/dt=${day}/channel=${channel}/`;
}

export function capturePrefix(day: Day, channel: Channel, captureId: string): string {
  return `${rawChannelPrefix(day, channel)}capture=${captureId}/`;
}

/** Pages are numbered from 1; the width keeps them in order up to 9,999 and harms nothing beyond. */
export function pageName(page: number): string {
  return `page-${String(page).padStart(4, '0')}.json.gz`;
}

/** Of the walk that is not at its end, if there is one. */
export function cursorKey(day: Day, channel: Channel): string {
  return `${rawChannelPrefix(day, channel)}cursor.json`;
}

export const MANIFEST_NAME = 'manifest.json';

export function rawDirectoryPrefix(day: Day): string {
  return `raw/directory/dt=${day}/`;
}

export function directoryKey(day: Day, captureId: string, name: 'agents' | 'services'): string {
  return `${rawDirectoryPrefix(day)}capture=${captureId}/${name}.json.gz`;
}

export function directoryManifestKey(day: Day, captureId: string): string {
  return `${rawDirectoryPrefix(day)}capture=${captureId}/${MANIFEST_NAME}`;
}

export function reportKey(day: Day, form: 'summary.json' | 'report.html' | 'report.txt'): string {
  return `reports/dt=${day}/${form}`;
}

/** Who was sent what over one transport, and when. */
export function sentKey(day: Day, transport: string, name: string): string {
  return `reports/dt=${day}/sent/${transport}/${name}`;
}

export function runKey(id: string): string {
  return `runs/${id}.json`;
}
