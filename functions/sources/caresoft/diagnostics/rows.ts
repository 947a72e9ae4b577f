import { RowCensus } from '../../../capture/row-census.ts';
import { isRecord } from '../../../text/json.ts';
import { chatKeyOf, DriftAccumulator } from '../../row-dialect.ts';
import type { FilteredStatus, RowReading } from '../../source.ts';
import { DIALECT } from '../dialect.ts';
import { conversationIdOf, startOf, statusWordOf } from '../fields.ts';
import { parseChat } from '../parse-row.ts';
import {
  type Finding,
  fail,
  formatCount,
  note,
  ok,
  type Probe,
  type ProbeRequest,
  type Sample,
} from './probe.ts';

type Occurrences = Readonly<Record<string, number>>;

/** The names that may be shown: those that CareSoft writes, and no other text. */
const NAME = /^[A-Za-z_(][\w.() -]*…?$/;
const MANY_DIGITS = /\d{5}/;
const MAX_NAMES = 12;
const CUT_REMEDY = 'the lake keeps the whole values under raw/; docs/lake.md says what is kept of each';

/** Shows which parts of the rows cannot be read, and which parts are unknown. */
export function checkRows(
  samples: readonly Sample[],
  reading: RowReading,
  filterStatuses: ReadonlyMap<string, FilteredStatus> = new Map(),
): Finding[] {
  const drift = new DriftAccumulator();
  let rows = 0;
  let rejected = 0;
  for (const { request, rows: sampled } of samples) {
    for (const row of sampled) {
      rows += 1;
      if (typeof parseChat(row, request.channel, reading, drift) === 'string') rejected += 1;
    }
  }
  const { unknownFields, unknownStatuses, unreadable, cut = {} } = drift.toDrift();
  return [
    judgeReadable(
      { rows, rejected, isRefused: samples.some((one) => isNotUnderstood(one, reading)) },
      unreadable,
    ),
    ...(Object.keys(cut).length > 0
      ? [note('cut', `Too long or too deep, and cut: ${list(cut)}.`, CUT_REMEDY)]
      : []),
    judgeUnknown('fields', 'field', unknownFields, 'the lake keeps them; no report shows them'),
    judgeUnknown(
      'statuses',
      'status',
      unknownStatuses,
      describeUnknownStatuses(unknownStatuses, filterStatuses),
    ),
  ];
}

/** Whether so many rows of a channel cannot be read that a report would not be made of them. */
function isNotUnderstood({ request: { channel }, day, rows }: Sample, reading: RowReading): boolean {
  const census = new RowCensus(day, channel, reading);
  census.add(1, rows);
  return census.findProblem(census.toCounts())?.reason === 'rows-not-understood';
}

function judgeReadable(
  { rows, rejected, isRefused }: { rows: number; rejected: number; isRefused: boolean },
  unreadable: Occurrences,
): Finding {
  const parts = [
    ...(rejected > 0 ? [`${rejected} without an id or a start, which are in no figure`] : []),
    ...(Object.keys(unreadable).length > 0
      ? [`unreadable values, which count as empty: ${list(unreadable)}`]
      : []),
  ];
  if (parts.length === 0) return ok('rows', `All ${formatCount(rows, 'row')} that came can be read.`);
  const says = `Of ${formatCount(rows, 'row')} that came: ${parts.join('; ')}.`;
  const todo = 'ask CareSoft what they mean; the lake keeps them under raw/';
  return isRefused ? fail('rows', says, todo) : note('rows', says, todo);
}

/** Explains how a report counts chats with an unknown status. */
function describeUnknownStatuses(
  unknown: Occurrences,
  filterStatuses: ReadonlyMap<string, FilteredStatus>,
): string {
  const known = Object.keys(unknown).filter((status) => filterStatuses.has(status));
  const says = known.map(
    (status) =>
      `${toSafeName(status)} is ${filterStatuses.get(status)} by CareSoft's filter chat_status, and counts as that`,
  );
  if (known.length < Object.keys(unknown).length) {
    const which = known.length > 0 ? 'the other chats' : 'these chats';
    says.push(
      `${which} are counted, but in no rate; from one in a hundred on, a report says so first and shows no missed rate: ask CareSoft what the status means`,
    );
  }
  return says.join('; ');
}

/** The number of unknown statuses that are looked up by filter. */
const MAX_STATUSES = 3;

/** Looks up unknown statuses by CareSoft's filter, with one chat for each. */
export async function requestStatuses(
  probe: Probe,
  samples: readonly Sample[],
): Promise<ReadonlyMap<string, FilteredStatus>> {
  const filterStatuses = new Map<string, FilteredStatus>();
  for (const [unknownStatus, { row, request, start }] of [...findUnknownStatuses(samples)].slice(
    0,
    MAX_STATUSES,
  )) {
    const window = { since: start - 1, to: start + 1 };
    const found: FilteredStatus[] = [];
    for (const status of ['missed', 'answered'] as const) {
      const { rows } = await probe.ask({ ...request, window, status });
      if (rows.some((one) => chatKeyOf(one, DIALECT) === chatKeyOf(row, DIALECT))) found.push(status);
    }
    const [status] = found;
    if (status !== undefined && found.length === 1) filterStatuses.set(unknownStatus, status);
  }
  return filterStatuses;
}

interface UnknownStatus {
  readonly row: unknown;
  readonly request: ProbeRequest;
  readonly start: number;
}

/** The first row of each unknown status. */
function findUnknownStatuses(samples: readonly Sample[]): Map<string, UnknownStatus> {
  const statuses = new Map<string, UnknownStatus>();
  for (const { request, rows } of samples) {
    for (const row of rows.filter((one) => statusWordOf(one) === 'other')) {
      const start = startOf(row);
      const status = isRecord(row) ? row.chat_status : undefined;
      const name = typeof status === 'string' ? status : `(${typeof status})`;
      if (start !== null && !statuses.has(name)) statuses.set(name, { row, request, start });
    }
  }
  return statuses;
}

function judgeUnknown(id: string, noun: string, names: Occurrences, meaning: string): Finding {
  return Object.keys(names).length === 0
    ? ok(id, `No ${noun} is unknown.`)
    : note(id, `Unknown ${id}: ${list(names)}.`, meaning);
}

function list(names: Occurrences): string {
  const safe = Object.entries(names).map(([name, times]) => `${toSafeName(name)} (${times})`);
  const more = safe.length - MAX_NAMES;
  return [...safe.slice(0, MAX_NAMES), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

/** A phone number or an address of a customer may stand in place of a name. It is not shown. */
function toSafeName(name: string): string {
  return NAME.test(name) && !MANY_DIGITS.test(name) ? name : '(something that is no name)';
}

/** The ways to write an empty field. No other value is shown. */
const EMPTY_FORMS: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [null, 'null'],
  ['', '""'],
  [0, '0'],
  ['0', '"0"'],
  ['00:00:00', '"00:00:00"'],
  ['0000-00-00 00:00:00', '"0000-00-00 00:00:00"'],
]);

/** Fields that a missed chat may lack. None of them identifies a customer. */
const MISSED_CHAT_FIELDS = [
  ...['ring_time', 'meet_time', 'end_time', 'waitTime', 'answer_time', 'chat_duration'],
  ...['agent_email', 'agent_name', 'group_name'],
];

interface EmptyField {
  readonly field: string;
  /** The ways in which it was empty. */
  readonly forms: readonly string[];
  /** Whether some rows have a value. */
  readonly isEverSet: boolean;
}

/** The fields that are empty in some rows, and how that is written. */
function findEmptyFields(rows: readonly unknown[]): EmptyField[] {
  return MISSED_CHAT_FIELDS.flatMap((field) => {
    const forms = rows.filter(isRecord).map((row) => emptyFormOf(row, field));
    const written = [...new Set(forms)].filter((form) => form !== null).sort();
    return written.length === 0 ? [] : [{ field, forms: written, isEverSet: forms.includes(null) }];
  });
}

/** @returns null if the field has a value */
function emptyFormOf(row: Readonly<Record<string, unknown>>, field: string): string | null {
  if (!Object.hasOwn(row, field)) return 'absent';
  const value = row[field];
  return EMPTY_FORMS.get(typeof value === 'string' ? value.trim() : value) ?? null;
}

const ID = 'missed';

/** Shows which fields a missed chat lacks, and how that is written. It shows no value of a field. */
export async function checkMissed(
  probe: Probe,
  samples: readonly Sample[],
  busiest: Sample,
  isHeeded: boolean,
): Promise<Finding> {
  const known = samples.flatMap(missedRowsOf);
  const rows =
    known.length > 0 || !isHeeded
      ? known
      : (await probe.ask({ ...busiest.request, status: 'missed' }, { page: 1, size: 100 })).rows;
  if (rows.length === 0)
    return note(
      ID,
      'No row has the status missed, so the fields that a missed chat lacks could not be seen.',
    );
  return note(
    ID,
    `Of ${formatCount(rows.length, 'missed chat')} ${describeEmptyFields(findEmptyFields(rows))}`,
  );
}

function describeEmptyFields(found: readonly EmptyField[]): string {
  if (found.length === 0) return 'none lacks a field.';
  const names = (isEverSet: boolean): string =>
    found.flatMap((one) => (one.isEverSet === isEverSet ? [one.field] : [])).join(', ');
  const lacks = [
    ...(names(false) === '' ? [] : [`all lack ${names(false)}`]),
    ...(names(true) === '' ? [] : [`some lack ${names(true)}`]),
  ];
  const fieldsByForms = Map.groupBy(found, ({ forms }) => forms.join(', '));
  const written = [...fieldsByForms].map(([forms, fields]) =>
    fields.length === found.length ? forms : `${forms} in ${fields.map(({ field }) => field).join(', ')}`,
  );
  return `${lacks.join(', ')}. An empty field is written so: ${written.join('; ')}.`;
}

function missedRowsOf({ rows, chats }: Sample): unknown[] {
  const missed = new Set(
    chats.filter(({ chat }) => chat.status === 'missed').map(({ chat }) => chat.conversationId),
  );
  return rows.filter((row) => missed.has(conversationIdOf(row) ?? ''));
}
