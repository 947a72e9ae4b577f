import type { Channel } from '../chat/channel.ts';
import { RefusedError, UnavailableError } from './errors.ts';
import { NotProvenError } from './explain-failure.ts';
import { findUnkept } from './kept-as-asked.ts';
import type { Proof } from './prove-rows.ts';
import type { Slice, Span } from './slice.ts';
import type { AskOptions, ChatSource } from './source.ts';

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
  const { standings, closing } = proof;
  const slices = standings.filter(({ status }) => status === undefined);
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
