import type { Channel } from '../chats/channel.ts';
import { type RowDialect, readRole } from '../sources/row-dialect.ts';
import {
  type AskOptions,
  type ChatSource,
  RefusedError,
  type Slice,
  type Span,
  UnavailableError,
} from '../sources/source.ts';
import { VENDOR, VENDOR_SETTINGS } from '../sources/vendor.ts';
import type { Filters } from '../storage/json-record.ts';
import { canonicalText } from '../text/bounds.ts';
import { isRecord } from '../text/json.ts';
import { NotProvenError } from './coverage.ts';
import { settleAll } from './settle-all.ts';
import type { Proof } from './verify.ts';

export interface AskedRows {
  /** The part of the day that one answer holds. A count of more may stop at some number. */
  readonly slice: Slice;
  /** The source's count of this part. */
  readonly rows: number;
  /** Reads all rows of the day. Some come more than once. */
  readonly read: () => AsyncIterable<readonly unknown[]>;
  /** Whether no earlier day was proven with the same filters. */
  readonly isNewFilter: boolean;
  readonly dialect: RowDialect;
}

type Asking = Pick<ChatSource, 'count' | 'names'>;
type ListName = 'services' | 'groups' | 'assignees';
const LISTS: readonly ListName[] = ['services', 'groups', 'assignees'];
const SETTINGS: Readonly<Record<ListName, string>> = {
  services: VENDOR_SETTINGS.services,
  groups: VENDOR_SETTINGS.groups,
  assignees: VENDOR_SETTINGS.assignees,
};
/** The lists that hold the names which rows carry instead of ids. */
const NAMED = {
  groups: { kind: 'groups', role: 'group' },
  assignees: { kind: 'agents', role: 'agentEmail' },
} as const;
const MOST_NAMED = 3;
/** The number of ids outside the filter that are counted alone. No chat belongs to all of them. */
const MOST_COUNTED = 2;
/** If a count without the filter is higher by no more than this, the filter may leave nothing out. */
const LEFT_OUT_ROWS = 5;
const LEFT_OUT_SHARE = 0.1;
/** A name may change within the day. */
const NAMES_AN_ID = 2;

/**
 * Whether the source kept the filters of the question. A server ignores a parameter that it does not know, and its counts
 * agree all the same.
 *
 * @returns what speaks against it. Null: nothing does
 */
export async function findUnkept(asked: AskedRows, asking: Asking): Promise<NotProvenError | null> {
  const source = surerOfNone(asking);
  const { chatType } = asked.slice.filters;
  const lost = () => (asked.isNewFilter ? twice(findLostIds, asked, source) : null);
  // The last of several ids may have no rows.
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

/** A count of 0 is asked again, because a filter would be trusted by it alone. */
function surerOfNone(source: Asking): Asking {
  return {
    count: async (slice) => (await source.count(slice)) || (await source.count(slice)),
    names: (kind) => source.names(kind),
  };
}

/** Looks twice, because rows may come between two counts. */
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
async function findOtherServices({ slice, read, dialect }: AskedRows): Promise<NotProvenError | null> {
  const { services } = slice.filters;
  if (services.length === 0) return null;
  const others = new Set<string>();
  for await (const rows of read()) {
    for (const row of rows) {
      const id = textOf(row, 'service', dialect);
      if (id !== '' && !services.includes(id)) others.add(id);
    }
  }
  return others.size === 0 ? null : notKept('services', services, `rows of ${some(others)} came`);
}

/**
 * Rows carry the names of groups and agents. Names change, and missed chats have none. So one sign is not enough. Either
 * the filter leaves nothing out and rows of other names came, or more names came than ids were asked for. Or the filter
 * counts most rows, and the ids outside it count as many.
 */
async function findOtherNames(
  list: 'groups' | 'assignees',
  { slice, rows, read, dialect }: AskedRows,
  source: Asking,
): Promise<NotProvenError | null> {
  const ids = slice.filters[list];
  if (ids.length === 0) return null;
  const countOf = (one: readonly string[]): Promise<number> =>
    source.count({ ...slice, filters: { ...slice.filters, [list]: one } });
  const all = Math.max(rows, await countOf([]));
  // Some rows may have come since.
  if (all - rows > Math.max(LEFT_OUT_ROWS, rows * LEFT_OUT_SHARE)) return null;
  const excluded = await findExcluded(list, ids, source, dialect);
  const names = await readNames(NAMED[list].role, read, dialect);
  const came = [...excluded].flatMap(([name, id]) => (names.has(name) ? [id] : []));
  if (all === rows && came.length > 0) {
    return notKept(list, ids, `rows of ${some(came)} came, and it leaves nothing out`);
  }
  const counted = [...excluded.values()].filter((id) => !ids.includes(id)).slice(0, MOST_COUNTED);
  const counts = await settleAll(counted.map((id) => countOf([id])));
  if (counts.length > 0 && [rows, ...counts].every((count) => 2 * count > all)) {
    const byOthers = counts.map((count, at) => `${count} by ${counted[at]}`).join(', ');
    return notKept(list, ids, `${VENDOR} counts ${rows} by them, ${byOthers} and ${all} without`);
  }
  if (all > rows || names.size <= NAMES_AN_ID * ids.length) return null;
  return notKept(list, ids, `rows with ${names.size} names came, and it leaves nothing out`);
}

async function readNames(
  role: 'group' | 'agentEmail',
  read: AskedRows['read'],
  dialect: RowDialect,
): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const rows of read()) for (const row of rows) names.add(textOf(row, role, dialect));
  names.delete('');
  return names;
}

/** The ids outside the filter, by the names that their rows carry. */
async function findExcluded(
  list: 'groups' | 'assignees',
  ids: readonly string[],
  source: Asking,
  dialect: RowDialect,
): Promise<Map<string, string>> {
  const { kind } = NAMED[list];
  const rows = await answerOrNull(() => source.names(kind));
  const entries = (rows?.rows ?? []).filter(isRecord).map((entry) => {
    const { id, key } = dialect.readListed(kind, entry);
    return { id: canonicalText(id ?? ''), name: canonicalText(key ?? '') };
  });
  const wanted = new Set(entries.filter((entry) => ids.includes(entry.id)).map((entry) => entry.name));
  const others = entries.filter((entry) => entry.name !== '' && !wanted.has(entry.name));
  return new Map(others.map((entry) => [entry.name, entry.id]));
}

/** A token may read chats and no names. Null: the source refuses. */
async function answerOrNull<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RefusedError && !error.isOfAccount) return null;
    throw error;
  }
}

/** The value by which rows are compared. Empty: there is none. */
function textOf(row: unknown, role: 'group' | 'agentEmail' | 'service', dialect: RowDialect): string {
  return canonicalText((isRecord(row) ? readRole(row, role, dialect) : null) ?? '');
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

/** A chat has one type. Where one type counts all chats, the other type has none. */
export function typeNotKept(
  chatType: Exclude<Filters['chatType'], 'all'>,
  rows: number,
  other: number,
  all = rows,
): NotProvenError {
  const [inbound, outbound] = chatType === 'inbound' ? [rows, other] : [other, rows];
  return new NotProvenError(
    'filter-not-kept',
    `CHAT_TYPE asks for ${chatType}, and ${VENDOR} counts ${inbound} inbound, ${outbound} outbound and ${all} in all: it did not keep the filter`,
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
    // A chat may have several ids. Then no single id counts as much as all of them.
    const isOneAll = counts.some((count) => count + (most - least) >= least);
    if (sum <= most || !isOneAll) continue;
    return notKept(list, ids, `${VENDOR} counts ${rows} by all of them and ${sum} by one after the other`);
  }
  return null;
}

function notKept(list: ListName, ids: readonly string[], seen: string): NotProvenError {
  const detail = `${SETTINGS[list]} asks for ${some(ids)}, and ${seen}: ${VENDOR} did not keep the filter`;
  return new NotProvenError('filter-not-kept', detail);
}

/** Names the first ids of a list that may be long. Ids are no personal data. */
function some(ids: Iterable<string>): string {
  const [...all] = ids;
  const named = all.slice(0, MOST_NAMED).join(', ');
  return all.length > MOST_NAMED ? `${named} and ${all.length - MOST_NAMED} more` : named;
}

/** Rows that the counts prove, and what else can contradict them. */
export interface HeldAgainst {
  readonly dialect: RowDialect;
  readonly proof: Proof;
  readonly day: Span;
  readonly sliceOf: (span: Span) => Slice;
  /** Another channel, when the account asks for this one alone. */
  readonly other: Channel | undefined;
  readonly source: ChatSource;
  readonly options: AskOptions;
  /** Reads all rows. Some come more than once. */
  readonly read: () => AsyncIterable<readonly unknown[]>;
  /** Whether no earlier day was proven with the same filters. */
  readonly isNewFilter: () => Promise<boolean>;
}

/** The same refusal twice means that there is no such channel. */
const REFUSED_AFTER = 2;
/** The number of rows of the other type that are compared. */
const SAMPLE = 20;

/**
 * Whether these rows answer the question. Counts agree too when a server reads the bounds by another clock, or ignores a
 * filter or the channel.
 *
 * @returns what speaks against it. Null: nothing does
 */
export async function findContradiction(held: HeldAgainst): Promise<NotProvenError | null> {
  const { census, closing } = held.proof;
  const problem = census.findProblem(census.toCounts());
  if (problem) return problem;
  return (await findPassedOver(held)) ?? (closing.all === 0 ? null : await findOtherChannel(held));
}

/** Looks in the whole day when one count covers it, else in its fullest slice. */
async function findPassedOver(held: HeldAgainst): Promise<NotProvenError | null> {
  const { proof, day, sliceOf, source, options, dialect } = held;
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
  const asked = { slice, rows, read: held.read, isNewFilter: await held.isNewFilter(), dialect };
  return (
    (await findUnkept(asked, {
      count: countOf,
      names: (kind) => source.names(kind, options.signal),
    })) ?? (await findOtherKind(held))
  );
}

/** Counts may change while the day goes on. But no row of the other type may be among these rows. */
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
  // As with counts, an empty answer is asked again.
  if (rows.length === 0) rows = await sample();
  if (!rows.some((row) => proof.census.has(row))) return null;
  return new NotProvenError(
    'filter-not-kept',
    `CHAT_TYPE asks for ${chatType}, and rows of these came as ${otherKind} too: ${VENDOR} did not keep the filter`,
  );
}

/** When a channel is asked for alone, one row of another channel shows whether the source tells them apart. */
async function findOtherChannel(held: HeldAgainst): Promise<NotProvenError | null> {
  const { proof, day, sliceOf, other } = held;
  if (other === undefined) return null;
  const slice = sliceOf(day);
  const rows = await readOne({ ...slice, channel: other }, held);
  if (!rows.some((row) => proof.census.has(row))) return null;
  return new NotProvenError(
    'channel-not-kept',
    `${other} came with a conversation of ${slice.channel}: ${VENDOR} did not tell the channels apart`,
  );
}

/** @returns no rows when the account has no such channel, or when it cannot be read now */
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
