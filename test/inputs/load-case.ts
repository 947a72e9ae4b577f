import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel } from '../../functions/chat/channel.ts';

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

/** What the server does besides what an honest one does. */
export interface ServerBehaviour {
  readonly order?: 'newest' | 'oldest';
  /** By id of a group: the `group_name` of its rows, for `groups[]`. */
  readonly groups?: Readonly<Record<string, string>>;
  /** One answer to every request. */
  readonly always?: { readonly status: number; readonly body: unknown };
}

interface Run {
  readonly day?: string;
  readonly arguments?: readonly string[];
}

/** What is otherwise in a later run of a case; what it does not name stays as it was. */
export interface LaterRun {
  readonly settings?: Readonly<Record<string, string>>;
  readonly server?: ServerBehaviour;
  readonly rows?: CaseRows;
  readonly run?: Run;
}

/** A small input that went wrong once: what the server holds, how the program is called, what lies in its lake. */
export interface Case extends Run {
  readonly title: string;
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
  return Object.fromEntries(
    Object.entries(row).map(([field, value]) => [
      field,
      typeof value === 'string' ? value.replaceAll('{n}', String(number)) : value,
    ]),
  );
}

/** A wall clock time, `2026-11-20 10:00:00`, moved by whole seconds. */
function later(at: string, seconds: number): string {
  const moved = new Date(Date.parse(`${at.replace(' ', 'T')}Z`) + seconds * 1_000);
  return moved.toISOString().slice(0, 19).replace('T', ' ');
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
}
