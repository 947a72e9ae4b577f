import { hash } from 'node:crypto';
import type { Channel } from '../chats/channel.ts';
import type { Chat, ChatStatus } from '../chats/chat.ts';
import { isRecord, toComparableText, toPlainBytes } from '../text/json.ts';
import type { ReferenceDataKind, RowReading, Slice } from './source.ts';

/** What a field holds: a value, *no value*, or something that cannot be read as what the field is. */
export type Field<Value> = Value | null | typeof UNREADABLE;

export const UNREADABLE = Symbol('unreadable');

/** What a field says. Null: it says nothing, or what it says cannot be read. */
export function orNull<Value>(field: Field<Value>): Value | null {
  return field === UNREADABLE ? null : field;
}

/** What the fields of a row can mean, and the type of each. Moments are in seconds of the rows' clock, lengths in seconds. */
export interface RoleValues {
  /** Unique within the channel. */
  readonly conversationId: string;
  readonly customerId: string;
  readonly customerName: string;
  readonly customerPhone: string;
  readonly customerEmail: string;
  readonly ticketId: string;
  /** As agents see the ticket. */
  readonly ticketNo: string;
  readonly status: string;
  readonly startedAt: number;
  readonly rangAt: number;
  readonly metAt: number;
  readonly endedAt: number;
  readonly wait: number;
  readonly answer: number;
  readonly duration: number;
  readonly agentEmail: string;
  readonly agentName: string;
  readonly group: string;
  readonly service: string;
  /** The page of a social network. */
  readonly socialPage: string;
  /** The web page that the customer wrote from. */
  readonly landingPage: string;
  /** The web page before that. */
  readonly referrer: string;
  readonly isTrigger: boolean;
}

export type FieldRole = keyof RoleValues;

interface KnownField<Value> {
  readonly name: string;
  read(value: unknown): Field<Value>;
}

/** An erasure writes into these, so every source must have them. */
type NeededRole = 'conversationId' | 'customerId' | 'ticketId';

/** The fields that a source describes, by their role. Null: the source has no such field. */
type RoleFields = {
  readonly [Role in FieldRole]: KnownField<RoleValues[Role]> | (Role extends NeededRole ? never : null);
};

/** The members of an answer's body. They are direct members of one object. */
interface Envelope {
  /** The list of rows. */
  readonly rows: string;
  /** Other members of every answer. They say nothing of a person. */
  readonly plain: ReadonlySet<string>;
}

/** What an answer's body holds. */
export interface AnsweredPage {
  readonly rows: readonly unknown[];
  /** The rows that match the question, on all its pages. */
  readonly numFound: number;
}

/** One entry of a list of names. Null: the entry does not say it, or it cannot be read. */
export interface ListedName {
  /** By which a filter asks for it. */
  readonly id: string | null;
  /** By which rows name it. */
  readonly key: string | null;
  /** As people read it. */
  readonly name: string | null;
}

/**
 * How one source writes its rows and its answers. Raw keeps answers as they came, so each reader of raw needs it.
 * All its functions are pure.
 */
export interface RowDialect {
  /** Captures name their dialect by it. It never changes. */
  readonly name: string;
  readonly fields: RoleFields;
  /** The role of each described field, by the field's name. */
  readonly roles: ReadonlyMap<string, FieldRole>;
  readonly envelope: Envelope;
  /** A row with a field that cannot be read is a chat without that value. A row without an id or a start is rejected. */
  parse(row: unknown, channel: Channel, reading: ParseReading, drift?: DriftAccumulator): ParsedRow;
  /** Null: the row has none. */
  conversationIdOf(row: unknown): string | null;
  /** In seconds of the rows' clock. Null: it cannot be read. */
  startOf(row: unknown): number | null;
  /** What the row's own word says. `other`: no word, or one that is not known. */
  statusWordOf(row: unknown): ChatStatus;
  /** The wall clock that an id begins with, in seconds as if it were UTC. Null: it begins with none. */
  stampOf(conversationId: string): number | null;
  /** @param content the JSON of a body @throws where it is no page of chats */
  readPage(content: unknown): AnsweredPage;
  /** @param content the JSON of a body @throws where it is no list of these names */
  readList(kind: ReferenceDataKind | 'groups', content: unknown): readonly unknown[];
  readListed(kind: ReferenceDataKind | 'groups', entry: unknown): ListedName;
  /** What a slice asks for, page and size aside. Two slices that ask for the same have the same text. */
  queryOf(slice: Slice): string;
  /** The same text without its window: it says by which filters rows were asked for. */
  filtersIn(query: string): string;
}

/** Adds what follows from the fields. It is computed once, because rows are many. */
export function defineDialect(dialect: Omit<RowDialect, 'roles'>): RowDialect {
  const roles = new Map<string, FieldRole>();
  for (const role of ROLES) {
    const field = dialect.fields[role];
    if (field !== null) roles.set(field.name, role);
  }
  return { ...dialect, roles };
}

const ROLES: readonly FieldRole[] = [
  ...(['conversationId', 'customerId', 'customerName', 'customerPhone', 'customerEmail'] as const),
  ...(['ticketId', 'ticketNo', 'status', 'startedAt', 'rangAt', 'metAt', 'endedAt'] as const),
  ...(['wait', 'answer', 'duration', 'agentEmail', 'agentName', 'group', 'service'] as const),
  ...(['socialPage', 'landingPage', 'referrer', 'isTrigger'] as const),
];

type SourceRecord = Readonly<Record<string, unknown>>;

/** What the field of a role holds, as it came. Undefined: the row or the source has no such field. */
export function rawValueOf(row: SourceRecord, role: FieldRole, { fields }: RowDialect): unknown {
  const field = fields[role];
  return field === null ? undefined : row[field.name];
}

/** What the field of a role says. Null: nothing that can be read. */
export function readRole<Role extends FieldRole>(
  row: SourceRecord,
  role: Role,
  { fields }: RowDialect,
): RoleValues[Role] | null {
  const field: KnownField<RoleValues[Role]> | null = fields[role];
  return field === null ? null : orNull(field.read(row[field.name]));
}

/** By this a chat is told from others: its id. A row without an id has a blank and a hash of its content. */
export function chatKeyOf(row: unknown, dialect: RowDialect): string {
  return dialect.conversationIdOf(row) ?? ` ${digestOf(row)}`;
}

/** By this a row is told from others. Rows of one chat that began at different times are different rows. */
export function rowKeyOf(row: unknown, dialect: RowDialect): string {
  return `${chatKeyOf(row, dialect)} ${dialect.startOf(row)}`;
}

/** 48 bits of all that a row says: the same for the same content. A sum of two of them is still exact. */
export function contentOf(row: unknown): number {
  return Number.parseInt(digestOf(row).slice(0, 12), 16);
}

function digestOf(row: unknown): string {
  return hash('sha256', toPlainBytes(row) ?? toComparableText(row));
}

/** The ticket's number as it came, as text. */
export function ticketTextOf(row: unknown, dialect: RowDialect): string {
  return isRecord(row) ? String(rawValueOf(row, 'ticketNo', dialect)) : '';
}

/** Why a row is no chat. It stays in raw, and is counted. */
export type RejectedReason = 'not-an-object' | 'no-conversation-id' | 'no-start-time';

/** What a parser needs to know of an account. */
export type ParseReading = Omit<RowReading, 'dialect'>;

export type ParsedRow = Chat | RejectedReason;

/** How often something was seen that the source's description does not name, by its name. */
type Occurrences = Readonly<Record<string, number>>;

export interface Drift {
  readonly unknownFields: Occurrences;
  readonly unknownStatuses: Occurrences;
  /** Known fields whose value could not be read as what the field is. */
  readonly unreadable: Occurrences;
  /** Fields of which less was kept than came; left out where there is none. */
  readonly cut?: Occurrences;
}

/** Names beyond these bounds are gathered under `…`: an answer must not swell the manifest. */
const MOST_NAMES = 50;
const LONGEST_NAME = 60;

/** By the name in lower case: how it is spelled, and how often it was seen. */
type Counts = Map<string, { readonly name: string; readonly times: number }>;

/** Counts what differs between the source's rows and its description. */
export class DriftAccumulator {
  readonly #fields: Counts = new Map();
  readonly #statuses: Counts = new Map();
  readonly #unreadable: Counts = new Map();
  readonly #cut: Counts = new Map();

  addField(name: string): void {
    count(this.#fields, name);
  }

  addStatus(status: string): void {
    count(this.#statuses, status);
  }

  addUnreadable(field: string): void {
    count(this.#unreadable, field);
  }

  addCut(field: string): void {
    count(this.#cut, field);
  }

  toDrift(): Drift {
    return {
      unknownFields: sorted(this.#fields),
      unknownStatuses: sorted(this.#statuses),
      unreadable: sorted(this.#unreadable),
      ...(this.#cut.size > 0 && { cut: sorted(this.#cut) }),
    };
  }
}

/** Names that differ in their case alone are one: DuckDB reads no object with both. */
function count(counts: Counts, name: string): void {
  const short = (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name).toWellFormed();
  const alike = short.toLowerCase();
  if (counts.has(alike) || counts.size < MOST_NAMES) add(counts, alike, short);
  else add(counts, '…', '…');
}

/** Of several spellings one is kept, and the same in whichever order they come. */
function add(counts: Counts, alike: string, name: string): void {
  const known = counts.get(alike) ?? { name, times: 0 };
  counts.set(alike, { name: known.name < name ? known.name : name, times: known.times + 1 });
}

function sorted(counts: Counts): Occurrences {
  const named = [...counts.values()].map(({ name, times }): [string, number] => [name, times]);
  return Object.fromEntries(named.sort(([left], [right]) => (left < right ? -1 : 1)));
}
