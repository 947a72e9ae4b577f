import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel } from '../../functions/chats/channel.ts';
import { isRecord } from '../../functions/text/json.ts';

const FOLDER = join(import.meta.dirname, 'cases');
const ORDER: readonly Channel[] = ['livechat', 'messenger', 'zalo'];

export type Row = Readonly<Record<string, unknown>>;

/** Rows of one kind, each so much later than the one before; `{n}` in their texts counts from 1. */
interface Series {
  readonly times: number;
  readonly every_seconds: number;
  readonly row: Row;
}

export type CaseRows = Readonly<Partial<Record<Channel, readonly (Row | Series)[]>>>;

export type Order = 'newest' | 'oldest' | 'ties-alternate';

/** What the server does besides what an honest one does. */
export interface ServerBehaviour {
  /** Of several the case is played once for each. With `ties-alternate`, rows of one second come in another order at each request. */
  readonly order?: Order | readonly Order[];
  /** Rows that a page has at most. */
  readonly page_cap?: number;
  /** In place of the count, or added to it, where a row matches. */
  readonly num_found?: number;
  readonly num_found_add?: number;
  readonly num_found_as?: 'text';
  readonly after_the_end?: 'last page again';
  readonly chats_as?: 'null at zero' | 'absent at zero' | 'object with gaps';
  /** HTTP 500 where page times count is above it. */
  readonly refuses_beyond?: number;
  /** Parameters that are not known; without `conversation_type` each channel has Messenger's rows. */
  readonly ignores?: readonly string[];
  /** By id of a group: the `group_name` of its rows, for `groups[]`. */
  readonly groups?: Readonly<Record<string, string>>;
  /** One answer to every request. */
  readonly always?: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
  /** By `conversation_type`: what it is answered with on HTTP 200, whatever else is asked. */
  readonly refused?: Readonly<Record<string, unknown>>;
  /** What the body is written in, told in its Content-Type; UTF-8 where it is not said. */
  readonly charset?: 'iso-8859-1';
  /** What is not ASCII travels as `\uXXXX`. */
  readonly escapes?: boolean;
}

interface Run {
  readonly day?: string;
  /** The run has a lake and an outbox of its own. */
  readonly lake?: 'another';
  readonly arguments?: readonly string[];
}

/** The rows with these ids say so from then on. */
interface RowChange {
  readonly ids: readonly string[];
  readonly set: Row;
}

/** What is otherwise in a later run of a case; what it does not name stays as it was. */
export interface LaterRun {
  readonly settings?: Readonly<Record<string, string>>;
  readonly server?: ServerBehaviour;
  readonly rows?: CaseRows;
  readonly change?: RowChange;
  readonly run?: Run;
}

/** A small input that went wrong once: what the server holds, how the program is called, what lies in its lake. */
export interface Case extends Pick<Run, 'day' | 'arguments'> {
  readonly title: string;
  /** What the clock says meanwhile, ISO 8601 in UTC; the real time where it is not said. */
  readonly now?: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly server: ServerBehaviour;
  readonly rows: CaseRows;
  /** What lies in the lake before, by key; an object is written as JSON. */
  readonly lake?: Readonly<Record<string, unknown>>;
  readonly then?: readonly LaterRun[];
}

/** @param number of the case, such as `21` */
export function loadCase(number: string): Case {
  const file = readdirSync(FOLDER).find((name) => name.startsWith(`${number}-`));
  if (file === undefined) throw new Error(`there is no case ${number}`);
  return readJson(file) as Case;
}

/** The orders in which a case is played, each by a server of its own. */
export function ordersOf(number: string): readonly Order[] {
  return [loadCase(number).server.order ?? 'newest'].flat();
}

const usual = readJson('00-row.json') as Readonly<Record<'answered' | 'missed', Row>>;

/** The rows as they go over the wire: what a case does not say is as `00-row.json` has it. */
export function toWireRows(rows: CaseRows): Record<Channel, Row[]> {
  let place = 0;
  const ofChannel = (channel: Channel): Row[] =>
    (rows[channel] ?? []).flatMap(spreadOut).map((row) => {
      place += 1;
      return fill(row, place);
    });
  return Object.fromEntries(ORDER.map((channel) => [channel, ofChannel(channel)])) as Record<Channel, Row[]>;
}

/** The rows as they are after some changes, the latest last. */
export function changeRows(
  rows: Readonly<Record<Channel, readonly Row[]>>,
  changes: readonly RowChange[],
): Record<Channel, Row[]> {
  const changed = (row: Row): Row => {
    const made = changes.filter(({ ids }) => ids.includes(String(row.conversation_id)));
    return Object.assign({}, row, ...made.map(({ set }) => set));
  };
  return Object.fromEntries(ORDER.map((channel) => [channel, rows[channel].map(changed)])) as Record<
    Channel,
    Row[]
  >;
}

function spreadOut(entry: Row | Series): Row[] {
  if (!isSeries(entry)) return [entry];
  const { times, every_seconds: apart, row } = entry;
  return Array.from({ length: times }, (_, index) => ({
    ...numbered(row, index + 1),
    start_time: later(String(row.start_time), index * apart),
  }));
}

function isSeries(entry: Row | Series): entry is Series {
  return 'row' in entry;
}

function fill(row: Row, place: number): Row {
  const isMissed = row.chat_status === 'LBL_CHAT_STATUS_MISS';
  const base = isMissed ? usual.missed : usual.answered;
  const start = String(row.start_time);
  const counted = (field: string) => ({ [field]: Number(base[field]) + place });
  return {
    ...numbered(base, place),
    ...counted('ticket_id'),
    ...counted('ticket_no'),
    ...counted('customer_id'),
    ring_time: start,
    ...(isMissed ? {} : { meet_time: later(start, 20) }),
    end_time: later(start, isMissed ? 20 : 120),
    ...numbered(row, place),
  };
}

function numbered(row: Row, number: number): Row {
  return Object.fromEntries(Object.entries(row).map(([field, value]) => [field, writeOut(value, number)]));
}

/** What a case says in short: a number for `{n}`, and values that are too long or too deep for its file. */
function writeOut(value: unknown, number: number): unknown {
  if (typeof value === 'string') return value.replaceAll('{n}', String(number));
  if (!isRecord(value)) return value;
  if (Array.isArray(value.join)) return value.join.map((part) => writeOut(part, number)).join('');
  if (typeof value.repeat === 'string') return value.repeat.repeat(Number(value.times));
  if ('nested' in value) return `@nested ${value.times}`;
  return value;
}

/** An answer as it goes over the wire. Deep lists are put in as text: `JSON.stringify` does not reach their end. */
export function toBody(answer: unknown, { escapes = false, charset }: ServerBehaviour = {}): Buffer {
  const text = JSON.stringify(answer).replaceAll(
    /"@nested (\d+)"/g,
    (_, times) => '['.repeat(Number(times)) + ']'.repeat(Number(times)),
  );
  const sourceRow = escapes ? text.replaceAll(/[\u0080-\uffff]/g, escapeUnit) : text;
  return Buffer.from(sourceRow, charset === 'iso-8859-1' ? 'latin1' : 'utf8');
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A wall clock time, `2026-11-20 10:00:00`, moved by whole seconds. */
function later(at: string, seconds: number): string {
  const moved = new Date(Date.parse(`${at.replace(' ', 'T')}Z`) + seconds * 1_000);
  return moved.toISOString().slice(0, 19).replace('T', ' ');
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
}
