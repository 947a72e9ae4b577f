import type { Channel } from '../chats/channel.ts';
import { CHAT_FIELDS, UNREADABLE } from '../sources/caresoft/fields.ts';
import {
  type AskOptions,
  type ChatSource,
  RefusedError,
  type Slice,
  type Span,
  UnavailableError,
} from '../sources/source.ts';
import type { Filters } from '../storage/json-record.ts';
import { canonicalText } from '../text/bounds.ts';
import { isRecord } from '../text/json.ts';
import { NotProvenError } from './coverage.ts';
import { settleAll } from './settle-all.ts';
import type { Proof } from './verify.ts';

export interface AskedRows {
  /** What was asked for, as much of the day as one answer held: a count of more may stop at some number. */
  readonly slice: Slice;
  /** As CareSoft counts them there. */
  readonly rows: number;
  /** All that came of the day, some of them more than once. */
  readonly read: () => AsyncIterable<readonly unknown[]>;
  /** Whether no day before was proven by the same filters. */
  readonly isNewFilter: boolean;
}

type Asking = Pick<ChatSource, 'count' | 'names'>;
type ListName = 'services' | 'groups' | 'assignees';
const LISTS: readonly ListName[] = ['services', 'groups', 'assignees'];
const SETTINGS: Readonly<Record<ListName, string>> = {
  services: 'CARESOFT_SERVICES',
  groups: 'CARESOFT_GROUPS',
  assignees: 'CARESOFT_ASSIGNEES',
};
/** Where the names are that rows carry in place of ids. */
const NAMED = {
  groups: { list: 'groups', id: 'group_id', name: 'group_name', field: 'group_name' },
  assignees: { list: 'agents', id: 'id', name: 'email', field: 'agent_email' },
} as const;
const MOST_NAMED = 3;
/** Ids that were not asked for and are counted alone: a chat that is of all of them at once there is not. */
const MOST_COUNTED = 2;
/** So few more without a filter than by it are no sign that it leaves some out. */
const LEFT_OUT_ROWS = 5;
const LEFT_OUT_SHARE = 0.1;
/** A name may change within the day. */
const NAMES_AN_ID = 2;

/**
 * Whether CareSoft kept the filters that it was asked by. A server that does not know a parameter passes it over, and its
 * counts agree all the same.
 *
 * @returns what speaks against it; null where nothing does
 */
export async function findUnkept(asked: AskedRows, asking: Asking): Promise<NotProvenError | null> {
  const source = surerOfNone(asking);
  const { chatType } = asked.slice.filters;
  const lost = () => (asked.isNewFilter ? twice(findLostIds, asked, source) : null);
  // By the last of several ids there may be none.
  if (asked.rows === 0) return await lost();
  return (
    (await findOtherServices(asked)) ??
    (await twice((again) => findOtherNames('groups', again, source), asked, source)) ??
    (await twice((again) => findOtherNames('assignees', again, source), asked, source)) ??
    (chatType === 'all'
      ? null
      : await twice((again) => findOtherType(again, chatType, source), asked, source)) ??
    (await lost())
  );
}

/** None at all is asked for once more: it would be all that a filter is believed by. */
function surerOfNone(source: Asking): Asking {
  return {
    count: async (slice) => (await source.count(slice)) || (await source.count(slice)),
    names: (kind) => source.names(kind),
  };
}

/** A day may go on between two counts: what speaks against a filter must do so twice. */
async function twice(
  find: (asked: AskedRows, source: Asking) => Promise<NotProvenError | null>,
  asked: AskedRows,
  source: Asking,
): Promise<NotProvenError | null> {
  const found = await find(asked, source);
  if (found === null) return null;
  return await find({ ...asked, rows: await source.count(asked.slice) }, source);
}

/** Rows carry the id of their service. */
async function findOtherServices({ slice, read }: AskedRows): Promise<NotProvenError | null> {
  const { services } = slice.filters;
  if (services.length === 0) return null;
  const others = new Set<string>();
  for await (const rows of read()) {
    for (const row of rows) {
      const id = textOf(row, 'service_id');
      if (id !== '' && !services.includes(id)) others.add(id);
    }
  }
  return others.size === 0 ? null : notKept('services', services, `rows of ${some(others)} came`);
}

/**
 * Rows carry the names of groups and agents, which change, and missed ones carry none. So it takes both: the filter
 * leaves nothing out, and rows came of what it should leave out, or more names came than were asked for. Or most are
 * counted by the filter, and as many by what it should leave out.
 */
async function findOtherNames(
  list: 'groups' | 'assignees',
  { slice, rows, read }: AskedRows,
  source: Asking,
): Promise<NotProvenError | null> {
  const ids = slice.filters[list];
  if (ids.length === 0) return null;
  const countOf = (one: readonly string[]): Promise<number> =>
    source.count({ ...slice, filters: { ...slice.filters, [list]: one } });
  const all = Math.max(rows, await countOf([]));
  // Some more may have come since.
  if (all - rows > Math.max(LEFT_OUT_ROWS, rows * LEFT_OUT_SHARE)) return null;
  const excluded = await findExcluded(list, ids, source);
  const names = await readNames(NAMED[list].field, read);
  const came = [...excluded].flatMap(([name, id]) => (names.has(name) ? [id] : []));
  if (all === rows && came.length > 0) {
    return notKept(list, ids, `rows of ${some(came)} came, and it leaves nothing out`);
  }
  const counted = [...excluded.values()].filter((id) => !ids.includes(id)).slice(0, MOST_COUNTED);
  const counts = await settleAll(counted.map((id) => countOf([id])));
  if (counts.length > 0 && [rows, ...counts].every((count) => 2 * count > all)) {
    const byOthers = counts.map((count, at) => `${count} by ${counted[at]}`).join(', ');
    return notKept(list, ids, `CareSoft counts ${rows} by them, ${byOthers} and ${all} without`);
  }
  if (all > rows || names.size <= NAMES_AN_ID * ids.length) return null;
  return notKept(list, ids, `rows with ${names.size} names came, and it leaves nothing out`);
}

async function readNames(
  field: 'group_name' | 'agent_email',
  read: AskedRows['read'],
): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const rows of read()) for (const row of rows) names.add(textOf(row, field));
  names.delete('');
  return names;
}

/** The ids that are not asked for, by the names that rows of theirs carry. */
async function findExcluded(
  list: 'groups' | 'assignees',
  ids: readonly string[],
  source: Asking,
): Promise<Map<string, string>> {
  const { list: kind, id, name, field } = NAMED[list];
  const rows = await answerOrNull(() => source.names(kind));
  const entries = (rows?.rows ?? []).filter(isRecord).map((entry) => ({
    id: textOf({ service_id: entry[id] }, 'service_id'),
    name: textOf({ [field]: entry[name] }, field),
  }));
  const wanted = new Set(entries.filter((entry) => ids.includes(entry.id)).map((entry) => entry.name));
  const others = entries.filter((entry) => entry.name !== '' && !wanted.has(entry.name));
  return new Map(others.map((entry) => [entry.name, entry.id]));
}

/** A token that may read chats need not read names: then they tell nothing. */
async function answerOrNull<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RefusedError && !error.isOfAccount) return null;
    throw error;
  }
}

/** As rows are read, and told from others; empty where there is no value. */
function textOf(row: unknown, field: 'group_name' | 'agent_email' | 'service_id'): string {
  const value = isRecord(row) ? CHAT_FIELDS[field](row[field]) : null;
  return value === null || value === UNREADABLE ? '' : canonicalText(value);
}

async function findOtherType(
  { slice, rows }: AskedRows,
  chatType: Exclude<Filters['chatType'], 'all'>,
  source: Asking,
): Promise<NotProvenError | null> {
  const countOf = (type: Filters['chatType']): Promise<number> =>
    source.count({ ...slice, filters: { ...slice.filters, chatType: type } });
  const otherType = chatType === 'inbound' ? 'outbound' : 'inbound';
  const other = await countOf(otherType);
  const all = Math.max(rows, await countOf('all'));
  return rows + other > all ? typeNotKept(chatType, rows, other, all) : null;
}

/** A chat is of one kind: where those of one are all there are, there is none of the other. */
export function typeNotKept(
  chatType: Exclude<Filters['chatType'], 'all'>,
  rows: number,
  other: number,
  all = rows,
): NotProvenError {
  const [inbound, outbound] = chatType === 'inbound' ? [rows, other] : [other, rows];
  return new NotProvenError(
    'filter-not-kept',
    `CHAT_TYPE asks for ${chatType}, and CareSoft counts ${inbound} inbound, ${outbound} outbound and ${all} in all: it did not keep the filter`,
  );
}

/** A server may read only the last of several ids. */
async function findLostIds({ slice, rows }: AskedRows, source: Asking): Promise<NotProvenError | null> {
  for (const list of LISTS) {
    const ids = slice.filters[list];
    if (ids.length < 2) continue;
    const counts: number[] = [];
    for (const id of ids) {
      counts.push(await source.count({ ...slice, filters: { ...slice.filters, [list]: [id] } }));
    }
    const sum = counts.reduce((total, count) => total + count, 0);
    if (sum <= rows) continue;
    const now = await source.count(slice);
    const [least, most] = [Math.min(rows, now), Math.max(rows, now)];
    // A chat may be of several; then no single id counts as much as all of them.
    const isOneAll = counts.some((count) => count + (most - least) >= least);
    if (sum <= most || !isOneAll) continue;
    return notKept(list, ids, `CareSoft counts ${rows} by all of them and ${sum} by one after the other`);
  }
  return null;
}

function notKept(list: ListName, ids: readonly string[], seen: string): NotProvenError {
  const detail = `${SETTINGS[list]} asks for ${some(ids)}, and ${seen}: CareSoft did not keep the filter`;
  return new NotProvenError('filter-not-kept', detail);
}

/** Ids are no personal data, but there may be many. */
function some(ids: Iterable<string>): string {
  const [...all] = ids;
  const named = all.slice(0, MOST_NAMED).join(', ');
  return all.length > MOST_NAMED ? `${named} and ${all.length - MOST_NAMED} more` : named;
}

/** Rows that the counts prove, and what else they can be held against. */
export interface HeldAgainst {
  readonly proof: Proof;
  readonly day: Span;
  readonly sliceOf: (span: Span) => Slice;
  /** Another channel of the account, where this one is asked for alone. */
  readonly other: Channel | undefined;
  readonly source: ChatSource;
  readonly options: AskOptions;
  /** All that came, some of it more than once. */
  readonly read: () => AsyncIterable<readonly unknown[]>;
  /** Whether no day before was proven by the same filters. */
  readonly isNewFilter: () => Promise<boolean>;
}

/** The same sentence of refusal twice means that there is no such channel. */
const REFUSED_AFTER = 2;
/** So many rows of the other kind are looked at. */
const SAMPLE = 20;

/**
 * Whether these are the rows that were asked for: counts agree as well where a server reads the bounds by another clock,
 * or passes a filter or the channel over.
 *
 * @returns what speaks against it; null where nothing does
 */
export async function findContradiction(held: HeldAgainst): Promise<NotProvenError | null> {
  const { census, closing } = held.proof;
  const trouble = census.findTrouble(census.toCounts());
  if (trouble) return trouble;
  return (await findPassedOver(held)) ?? (closing.all === 0 ? null : await findOtherChannel(held));
}

/** In the whole day, where one count tells of it; else in its fullest slice. */
async function findPassedOver(held: HeldAgainst): Promise<NotProvenError | null> {
  const { proof, day, sliceOf, source, options } = held;
  const { filters } = sliceOf(day);
  const isFiltered = Object.values(filters).some((ids) => ids !== 'all' && ids.length > 0);
  if (!isFiltered) return null;
  const { accepted, closing } = proof;
  const slices = accepted.filter(({ status }) => status === undefined);
  const fullest = slices.reduce((one, other) => (other.counts.all > one.counts.all ? other : one));
  const countOf = (one: Slice): Promise<number> => source.count(one, options);
  const isTold = closing.parts === undefined || (await countOf(sliceOf(day))) >= closing.all;
  const slice = sliceOf(isTold ? day : fullest.span);
  const rows = isTold ? closing.all : await countOf(slice);
  const asked = { slice, rows, read: held.read, isNewFilter: await held.isNewFilter() };
  return (
    (await findUnkept(asked, {
      count: countOf,
      names: (kind) => source.names(kind, options.signal),
    })) ?? (await findOtherKind(held))
  );
}

/** A day may go on while its chats of either kind are counted: of one of the other kind no row may be among these. */
async function findOtherKind({
  proof,
  day,
  sliceOf,
  source,
  options,
}: HeldAgainst): Promise<NotProvenError | null> {
  const slice = sliceOf(day);
  const { chatType } = slice.filters;
  if (chatType === 'all' || proof.closing.all === 0) return null;
  const otherKind = chatType === 'inbound' ? 'outbound' : 'inbound';
  const ofOther = { ...slice, filters: { ...slice.filters, chatType: otherKind } as const };
  const sample = async () => (await source.answer(ofOther, { page: 1, size: SAMPLE }, options)).rows;
  let rows = await sample();
  // As with counts, none at all is asked for once more.
  if (rows.length === 0) rows = await sample();
  if (!rows.some((row) => proof.census.has(row))) return null;
  return new NotProvenError(
    'filter-not-kept',
    `CHAT_TYPE asks for ${chatType}, and rows of these came as ${otherKind} too: CareSoft did not keep the filter`,
  );
}

/** Of a channel that is asked for alone no other report shows whether it is told from others: one row of another does. */
async function findOtherChannel(held: HeldAgainst): Promise<NotProvenError | null> {
  const { proof, day, sliceOf, other } = held;
  if (other === undefined) return null;
  const slice = sliceOf(day);
  const rows = await readOne({ ...slice, channel: other }, held);
  if (!rows.some((row) => proof.census.has(row))) return null;
  return new NotProvenError(
    'channel-not-kept',
    `${other} came with a conversation of ${slice.channel}: CareSoft did not tell the channels apart`,
  );
}

/** @returns none where the account has no such channel, or it cannot be had now */
async function readOne(slice: Slice, { source, options }: HeldAgainst): Promise<readonly unknown[]> {
  try {
    const asked = { ...options, refusedAfter: REFUSED_AFTER };
    return (await source.answer(slice, { page: 1, size: 1 }, asked)).rows;
  } catch (error) {
    const isRefused = error instanceof RefusedError && !error.isOfAccount;
    if (isRefused || error instanceof UnavailableError) return [];
    throw error;
  }
}
