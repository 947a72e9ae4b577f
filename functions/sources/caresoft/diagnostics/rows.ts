import { RowCensus } from '../../../capture/row-census.ts';
import { isRecord } from '../../../text/json.ts';
import type { FilteredStatus, RowReading } from '../../source.ts';
import { chatKeyOf, conversationIdOf, startOf, statusWordOf } from '../fields.ts';
import { DriftAccumulator, parseChat } from '../parse-row.ts';
import {
  countOf,
  type Finding,
  fail,
  note,
  ok,
  type Probe,
  type ProbedWindow,
  type Sample,
} from './probe.ts';

type Occurrences = Readonly<Record<string, number>>;

/** What the program would show of any name: CareSoft's, but not whatever else stands in its place. */
const NAME = /^[A-Za-z_(][\w.() -]*…?$/;
const MANY_DIGITS = /\d{5}/;
const MOST_NAMES = 12;
const CUT = 'the whole of them is in the lake, under raw/; docs/lake.md says what is kept of each';

/** What of the rows cannot be read, and what of them nobody has described. */
export function checkRows(
  samples: readonly Sample[],
  reading: RowReading,
  told: ReadonlyMap<string, FilteredStatus> = new Map(),
): Finding[] {
  const drift = new DriftAccumulator();
  let rows = 0;
  let rejected = 0;
  for (const { asked, rows: came } of samples) {
    for (const row of came) {
      rows += 1;
      if (typeof parseChat(row, asked.channel, reading, drift) === 'string') rejected += 1;
    }
  }
  const { unknownFields, unknownStatuses, unreadable, cut = {} } = drift.toDrift();
  return [
    judgeReadable(
      { rows, rejected, isRefused: samples.some((one) => isNotUnderstood(one, reading)) },
      unreadable,
    ),
    ...(Object.keys(cut).length > 0
      ? [note('cut', `Too long or too deep, and cut: ${list(cut)}.`, CUT)]
      : []),
    judgeUnknown('fields', 'field', unknownFields, 'they are kept in the lake, and shown nowhere'),
    judgeUnknown('statuses', 'status', unknownStatuses, sayTold(unknownStatuses, told)),
  ];
}

/** So many rows of a channel cannot be read that a report would not be made of them. */
function isNotUnderstood({ asked: { channel }, day, rows }: Sample, reading: RowReading): boolean {
  const census = new RowCensus(day, channel, reading);
  census.add(1, rows);
  return census.findTrouble(census.toCounts())?.reason === 'rows-not-understood';
}

function judgeReadable(
  { rows, rejected, isRefused }: { rows: number; rejected: number; isRefused: boolean },
  unreadable: Occurrences,
): Finding {
  const parts = [
    ...(rejected > 0 ? [`${rejected} without an id or a start, which are in no figure`] : []),
    ...(Object.keys(unreadable).length > 0 ? [`unreadable values, taken for none: ${list(unreadable)}`] : []),
  ];
  if (parts.length === 0) return ok('rows', `All ${countOf(rows, 'row')} that came can be read.`);
  const says = `Of ${countOf(rows, 'row')} that came: ${parts.join('; ')}.`;
  const todo = 'ask CareSoft what they mean; a report keeps them in the lake, under raw/';
  return isRefused ? fail('rows', says, todo) : note('rows', says, todo);
}

/** What becomes of chats whose word of status is not known. */
function sayTold(unknown: Occurrences, told: ReadonlyMap<string, FilteredStatus>): string {
  const known = Object.keys(unknown).filter((word) => told.has(word));
  const says = known.map(
    (word) => `${inSafety(word)} is ${told.get(word)} by CareSoft's filter chat_status, and counted so`,
  );
  if (known.length < Object.keys(unknown).length) {
    const which = known.length > 0 ? 'the other chats' : 'these chats';
    says.push(
      `${which} are counted, in no rate; from one in a hundred on a report says so first, and tells no missed rate: ask CareSoft what it means`,
    );
  }
  return says.join('; ');
}

/** Of so many unknown words CareSoft's filter is asked. */
const MOST_WORDS = 3;

/** What CareSoft's filter says of chats whose word of status is not known, by that word: one of each is asked for. */
export async function askStatuses(
  probe: Probe,
  samples: readonly Sample[],
): Promise<ReadonlyMap<string, FilteredStatus>> {
  const told = new Map<string, FilteredStatus>();
  for (const [word, { row, asked, start }] of [...unknownWords(samples)].slice(0, MOST_WORDS)) {
    const window = { since: start - 1, to: start + 1 };
    const found: FilteredStatus[] = [];
    for (const status of ['missed', 'answered'] as const) {
      const { rows } = await probe.ask({ ...asked, window, status });
      if (rows.some((one) => chatKeyOf(one) === chatKeyOf(row))) found.push(status);
    }
    const [status] = found;
    if (status !== undefined && found.length === 1) told.set(word, status);
  }
  return told;
}

interface UnknownWord {
  readonly row: unknown;
  readonly asked: ProbedWindow;
  readonly start: number;
}

/** By each word the first row that carries it. */
function unknownWords(samples: readonly Sample[]): Map<string, UnknownWord> {
  const words = new Map<string, UnknownWord>();
  for (const { asked, rows } of samples) {
    for (const row of rows.filter((one) => statusWordOf(one) === 'other')) {
      const start = startOf(row);
      const status = isRecord(row) ? row.chat_status : undefined;
      const word = typeof status === 'string' ? status : `(${typeof status})`;
      if (start !== null && !words.has(word)) words.set(word, { row, asked, start });
    }
  }
  return words;
}

function judgeUnknown(id: string, noun: string, names: Occurrences, meaning: string): Finding {
  return Object.keys(names).length === 0
    ? ok(id, `No ${noun} that is unknown.`)
    : note(id, `Unknown ${id}: ${list(names)}.`, meaning);
}

function list(names: Occurrences): string {
  const safe = Object.entries(names).map(([name, times]) => `${inSafety(name)} (${times})`);
  const more = safe.length - MOST_NAMES;
  return [...safe.slice(0, MOST_NAMES), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

/** A customer's number or address may have slipped into the place of a name. */
function inSafety(name: string): string {
  return NAME.test(name) && !MANY_DIGITS.test(name) ? name : '(something that is no name)';
}

/** How a field that holds nothing may be written; a value is never looked at beyond this. */
const FORMS: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [null, 'null'],
  ['', '""'],
  [0, '0'],
  ['0', '"0"'],
  ['00:00:00', '"00:00:00"'],
  ['0000-00-00 00:00:00', '"0000-00-00 00:00:00"'],
]);

/** What a chat that nobody took may lack. None of these tells who wrote. */
const FIELDS = [
  ...['ring_time', 'meet_time', 'end_time', 'waitTime', 'answer_time', 'chat_duration'],
  ...['agent_email', 'agent_name', 'group_name'],
];

interface FieldForms {
  readonly field: string;
  /** The forms in which it held nothing. */
  readonly forms: readonly string[];
  /** On some rows it held something. */
  readonly isEverSet: boolean;
}

/** How the rows write that a field has no value; a field that always has one is left out. */
function noValueForms(rows: readonly unknown[]): FieldForms[] {
  return FIELDS.flatMap((field) => {
    const forms = rows.filter(isRecord).map((row) => formOf(row, field));
    const written = [...new Set(forms)].filter((form) => form !== null).sort();
    return written.length === 0 ? [] : [{ field, forms: written, isEverSet: forms.includes(null) }];
  });
}

/** @returns null for a value. */
function formOf(row: Readonly<Record<string, unknown>>, field: string): string | null {
  if (!Object.hasOwn(row, field)) return 'absent';
  const value = row[field];
  return FORMS.get(typeof value === 'string' ? value.trim() : value) ?? null;
}

const ID = 'missed';

/** What a missed chat lacks, and how that is written; never what any field holds. */
export async function checkMissed(
  probe: Probe,
  samples: readonly Sample[],
  busiest: Sample,
  isHeeded: boolean,
): Promise<Finding> {
  const known = samples.flatMap(missedRows);
  const rows =
    known.length > 0 || !isHeeded
      ? known
      : (await probe.ask({ ...busiest.asked, status: 'missed' }, { page: 1, size: 100 })).rows;
  if (rows.length === 0)
    return note(ID, 'No row says that it was missed, so what a missed chat lacks could not be seen.');
  return note(ID, `Of ${countOf(rows.length, 'missed chat')} ${sayForms(noValueForms(rows))}`);
}

function sayForms(found: readonly FieldForms[]): string {
  if (found.length === 0) return 'none lacks anything.';
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
  return `${lacks.join(', ')}. How that is written: ${written.join('; ')}.`;
}

function missedRows({ rows, chats }: Sample): unknown[] {
  const missed = new Set(
    chats.filter(({ chat }) => chat.status === 'missed').map(({ chat }) => chat.conversationId),
  );
  return rows.filter((row) => missed.has(conversationIdOf(row) ?? ''));
}
