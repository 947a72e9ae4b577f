import type { Day, Month } from '../calendar/day.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';

/** The names of everything in the lake, in one place: the same in a folder and in a bucket. */

/** Whose lake it is. */
export const LAKE_KEY = 'lake.json';

export function rawChannelPrefix(day: Day, channel: Channel): string {
  return `raw/chats/dt=${day}/channel=${channel}/`;
}

export function capturePrefix(day: Day, channel: Channel, captureId: string): string {
  return `${rawChannelPrefix(day, channel)}capture=${captureId}/`;
}

/** Answers are numbered from 1; the width keeps them in order up to 9,999 and harms nothing beyond. */
export function pageName(page: number): string {
  return `page-${String(page).padStart(4, '0')}.json.gz`;
}

export const MANIFEST_NAME = 'manifest.json';

export function manifestKey(day: Day, channel: Channel, captureId: string): string {
  return `${capturePrefix(day, channel, captureId)}${MANIFEST_NAME}`;
}

/** Every page and manifest of chats. */
export const RAW_CHATS_PREFIX = 'raw/chats/';

/** Every page and manifest of what was read of days that were not over. */
export const RAW_OPEN_PREFIX = 'raw/open/';

/** @param day the one that was not over */
export function openCapturePrefix(day: Day, channel: Channel, captureId: string): string {
  return `${RAW_OPEN_PREFIX}dt=${day}/channel=${channel}/capture=${captureId}/`;
}

export function openManifestKey(day: Day, channel: Channel, captureId: string): string {
  return `${openCapturePrefix(day, channel, captureId)}${MANIFEST_NAME}`;
}

/** What is of one day, and holds or may hold what customers say of themselves. */
export function dayPrefixes(day: Day): string[] {
  return [
    `raw/chats/dt=${day}/`,
    `${RAW_OPEN_PREFIX}dt=${day}/`,
    curatedChatsPrefix(day),
    `curated/metrics/dt=${day}/`,
    `reports/dt=${day}/`,
  ];
}

export function rawReferenceDataPrefix(day: Day): string {
  return `raw/directory/dt=${day}/`;
}

export function referenceDataKey(day: Day, captureId: string, name: 'agents' | 'services'): string {
  return `${rawReferenceDataPrefix(day)}capture=${captureId}/${name}.json.gz`;
}

export function referenceDataManifestKey(day: Day, captureId: string): string {
  return `${rawReferenceDataPrefix(day)}capture=${captureId}/${MANIFEST_NAME}`;
}

/** Every day of the table `chats`. */
export const CURATED_CHATS_PREFIX = 'curated/chats/';

/** Every day's report. */
export const REPORTS_PREFIX = 'reports/';

/** What lies under it is one day of the table `chats`. */
export function curatedChatsPrefix(day: Day): string {
  return `curated/chats/dt=${day}/`;
}

export function curatedChatsKey(day: Day, channel: Channel): string {
  return `${curatedChatsPrefix(day)}channel=${channel}/chats.parquet`;
}

export function curatedMetricsKey(day: Day): string {
  return `curated/metrics/dt=${day}/metrics.parquet`;
}

/** Which days there are, and what is known of each: those of one month. */
export function curatedDaysKey(month: Month): string {
  return `curated/days/month=${month}/days.parquet`;
}

/** The changes that were written down in one month. */
export function curatedChangesKey(month: Month): string {
  return `curated/changes/month=${month}/changes.parquet`;
}

/** That a day's rows are others now. */
export function changeKey(sequence: string): string {
  return `${CHANGES_PREFIX}${sequence}.json`;
}

/** Every change. */
export const CHANGES_PREFIX = 'changes/';

/** Through which change the tables of days and changes are made. */
export const CHANGES_INDEX_KEY = `${CHANGES_PREFIX}indexed.json`;

/** Through which change others were told. */
export const CHANGES_TOLD_KEY = `${CHANGES_PREFIX}told.json`;

/** How often the days of a month have changed, and when last. */
export function changedDaysKey(month: Month): string {
  return `${CHANGES_PREFIX}days/month=${month}.json`;
}

/** What only a capture leads to. */
export const DERIVED_PREFIXES = [`${REPORTS_PREFIX}dt=`, `${CURATED_CHATS_PREFIX}dt=`, 'curated/metrics/dt='];

/** Which report: the day's, or the one beside it of some channels that were asked for alone. */
export interface ReportPlace {
  readonly day: Day;
  /** In the order of the channels; left out where the report is the day's. */
  readonly only?: readonly Channel[] | undefined;
}

export type ReportFile =
  | 'digest.json'
  | 'summary.json'
  /** Who still waits, as far as was known when its first mail was made. */
  | 'waiting.json'
  /** One of its forms. */
  | `report.${string}`;

export function reportKey(place: ReportPlace, file: ReportFile): string {
  return `${reportPrefix(place)}${file}`;
}

function reportPrefix({ day, only }: ReportPlace): string {
  return `${REPORTS_PREFIX}dt=${day}/${only === undefined ? '' : `channels=${only.join('-')}/`}`;
}

/** Of which report a file is, and its name in there; null for a key that is of none, as those under `sent/`. */
export function readReportKey(key: string): { readonly place: ReportPlace; readonly file: string } | null {
  const [, day, names, file] =
    /^reports\/dt=(\d{4}-\d{2}-\d{2})\/(?:channels=([a-z-]+)\/)?([^/]+)$/.exec(key) ?? [];
  if (day === undefined || file === undefined) return null;
  if (names === undefined) return { place: { day }, file };
  const only = CHANNELS.filter((channel) => names.split('-').includes(channel));
  // A folder that is called otherwise is none of ours.
  return only.join('-') === names ? { place: { day, only }, file } : null;
}

/** What became of a day when the run for so many days later asked for it again. */
export function recheckKey(day: Day, back: number): string {
  return `looks/dt=${day}/${back}.json`;
}

/** What was tried of any day. */
export const DAY_RECORDS_PREFIX = 'days/dt=';

/** What was tried of a day, and what was told of it. */
export function dayRecordKey(day: Day): string {
  return `${DAY_RECORDS_PREFIX}${day}.json`;
}

/** Which days' reports were seen to be of the program's own definitions. */
export const DEFINITIONS_KEY = 'days/definitions.json';

/** Who was sent what over one transport, and when. */
export function sentKey(place: ReportPlace, transport: string, name: string): string {
  return `${reportPrefix(place)}sent/${transport}/${name}`;
}

export function runKey(id: string): string {
  return `runs/${id}.json`;
}

/** What somebody asked for over the API. */
export function requestKey(id: string): string {
  return `${requestPrefix(id)}.json`;
}

/** Of all requests whose ids begin so. */
export function requestPrefix(start: string): string {
  return `requests/${start}`;
}

/** Who was erased, as nobody can read it, and the key to it. */
export const ERASED_PREFIX = 'erased/';

export function erasureKey(id: string): string {
  return `${ERASED_PREFIX}${id}.json`;
}

/** Of what is hashed there. */
export const ERASED_KEY_KEY = `${ERASED_PREFIX}key.json`;

/** The last part of an account's address, in lower case: CareSoft's host may change, and a domain is one however it is written. */
export function domainOf(source: string): string {
  return toDomain(
    source
      .trim()
      .split('/')
      .findLast((part) => part !== '') ?? '',
  );
}

/** A domain as it is compared. */
export function toDomain(text: string): string {
  return text.trim().toLowerCase();
}
