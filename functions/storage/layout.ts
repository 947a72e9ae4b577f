import type { Day, Month } from '../calendar/day.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';

/** All keys of the lake. They are the same in a folder and in a bucket. */

/** The file that names the account of the lake. */
export const LAKE_KEY = 'lake.json';

/** All captures of a day. */
export function rawDayPrefix(day: Day): string {
  return `raw/chats/dt=${day}/`;
}

export function rawChannelPrefix(day: Day, channel: Channel): string {
  return `${rawDayPrefix(day)}channel=${channel}/`;
}

export function capturePrefix(day: Day, channel: Channel, captureId: string): string {
  return `${rawChannelPrefix(day, channel)}capture=${captureId}/`;
}

/** @param page from 1. Up to 9,999 pages sort by number. Beyond, only the order of the names differs. */
export function pageName(page: number): string {
  return `page-${String(page).padStart(4, '0')}.json.gz`;
}

export const MANIFEST_NAME = 'manifest.json';

export function manifestKey(day: Day, channel: Channel, captureId: string): string {
  return `${capturePrefix(day, channel, captureId)}${MANIFEST_NAME}`;
}

/** All pages and manifests of chats. */
export const RAW_CHATS_PREFIX = 'raw/chats/';

/** All pages and manifests of days that were captured before their end. */
export const RAW_OPEN_PREFIX = 'raw/open/';

/** @param day the day that was not over */
export function openCapturePrefix(day: Day, channel: Channel, captureId: string): string {
  return `${RAW_OPEN_PREFIX}dt=${day}/channel=${channel}/capture=${captureId}/`;
}

export function openManifestKey(day: Day, channel: Channel, captureId: string): string {
  return `${openCapturePrefix(day, channel, captureId)}${MANIFEST_NAME}`;
}

/** The prefixes of a day's objects that hold, or may hold, customers' data. */
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

/** All days of the table `chats`. */
export const CURATED_CHATS_PREFIX = 'curated/chats/';

/** All reports. */
export const REPORTS_PREFIX = 'reports/';

/** One day of the table `chats`. */
export function curatedChatsPrefix(day: Day): string {
  return `curated/chats/dt=${day}/`;
}

export function curatedChatsKey(day: Day, channel: Channel): string {
  return `${curatedChatsPrefix(day)}channel=${channel}/chats.parquet`;
}

export function curatedMetricsKey(day: Day): string {
  return `curated/metrics/dt=${day}/metrics.parquet`;
}

/** One month of the table `days`. */
export function curatedDaysKey(month: Month): string {
  return `curated/days/month=${month}/days.parquet`;
}

/** One month of the table `changes`. */
export function curatedChangesKey(month: Month): string {
  return `curated/changes/month=${month}/changes.parquet`;
}

/** All records of changes. */
export const CHANGES_PREFIX = 'changes/';

/** The record of one change of a day's rows. */
export function changeKey(sequence: string): string {
  return `${CHANGES_PREFIX}${sequence}.json`;
}

/** The checkpoint of the tables `days` and `changes`: the last change that they contain. */
export const CHANGES_INDEX_KEY = `${CHANGES_PREFIX}indexed.json`;

/** The checkpoint of notifications: the last change that was sent to other programs. */
export const CHANGES_NOTIFIED_KEY = `${CHANGES_PREFIX}told.json`;

/** How often each day of a month changed, and when. */
export function changedDaysKey(month: Month): string {
  return `${CHANGES_PREFIX}days/month=${month}.json`;
}

/** The prefixes of objects that are derived from captures. */
export const DERIVED_PREFIXES = [`${REPORTS_PREFIX}dt=`, `${CURATED_CHATS_PREFIX}dt=`, 'curated/metrics/dt='];

/** Names a report: the report of a day, or one of some channels only. */
export interface ReportPlace {
  readonly day: Day;
  /** In the order of `CHANNELS`. Left out for the report of all channels. */
  readonly only?: readonly Channel[] | undefined;
}

export type ReportFile =
  | 'digest.json'
  | 'summary.json'
  /** The customers who still waited when the first mail was written. */
  | 'waiting.json'
  /** A format of the report. */
  | `report.${string}`;

export function reportKey(place: ReportPlace, file: ReportFile): string {
  return `${reportPrefix(place)}${file}`;
}

function reportPrefix({ day, only }: ReportPlace): string {
  return `${REPORTS_PREFIX}dt=${day}/${only === undefined ? '' : `channels=${only.join('-')}/`}`;
}

/** The report and the file that a key names. Null for other keys, such as those under `sent/`. */
export function readReportKey(key: string): { readonly place: ReportPlace; readonly file: string } | null {
  const [, day, names, file] =
    /^reports\/dt=(\d{4}-\d{2}-\d{2})\/(?:channels=([a-z-]+)\/)?([^/]+)$/.exec(key) ?? [];
  if (day === undefined || file === undefined) return null;
  if (names === undefined) return { place: { day }, file };
  const only = CHANNELS.filter((channel) => names.split('-').includes(channel));
  // The program never writes a folder with other names or another order.
  return only.join('-') === names ? { place: { day, only }, file } : null;
}

/** The record of a recheck. @param back by how many days the run's day is later than the rechecked day */
export function recheckKey(day: Day, back: number): string {
  return `${recheckPrefix(day)}${back}.json`;
}

/** All rechecks of a day. */
export function recheckPrefix(day: Day): string {
  return `looks/dt=${day}/`;
}

/** All records of days. */
export const DAY_RECORDS_PREFIX = 'days/dt=';

/** The record of a day: attempts to report it, and messages about it. */
export function dayRecordKey(day: Day): string {
  return `${DAY_RECORDS_PREFIX}${day}.json`;
}

/** The checkpoint of upgrades: the days whose reports follow the present definitions. */
export const DEFINITIONS_KEY = 'days/definitions.json';

/** The claim or receipt of a message over one transport. */
export function sentKey(place: ReportPlace, transport: string, name: string): string {
  return `${reportPrefix(place)}sent/${transport}/${name}`;
}

/** The report, the transport and the name that the key of a claim or receipt holds. Null for other keys. */
export function readSentKey(
  key: string,
): { readonly place: ReportPlace; readonly transport: string; readonly name: string } | null {
  const [, report = '', transport, name] = /^(.+\/)sent\/([^/]+)\/([^/]+)$/.exec(key) ?? [];
  const place = readReportKey(`${report}summary.json`)?.place;
  return place === undefined || transport === undefined || name === undefined
    ? null
    : { place, transport, name };
}

/** All records of runs. */
export const RUNS_PREFIX = 'runs/';

export function runKey(id: string): string {
  return `${RUNS_PREFIX}${id}.json`;
}

/** A request over the API. */
export function requestKey(id: string): string {
  return `${requestPrefix(id)}.json`;
}

/** All requests whose ids begin with `start`. */
export function requestPrefix(start: string): string {
  return `requests/${start}`;
}

/** The suppression list: pseudonyms of erased customers, and the key that makes them. */
export const ERASED_PREFIX = 'erased/';

export function erasureKey(id: string): string {
  return `${ERASED_PREFIX}${id}.json`;
}

/** The key of the pseudonyms. */
export const ERASED_KEY_KEY = `${ERASED_PREFIX}key.json`;

/** The last part of an account's address, in lower case. It names the account, because the host of the source may change. */
export function domainOf(source: string): string {
  return toDomain(
    source
      .trim()
      .split('/')
      .findLast((part) => part !== '') ?? '',
  );
}

/** The canonical form of a domain. Case makes no difference. */
export function toDomain(text: string): string {
  return text.trim().toLowerCase();
}
