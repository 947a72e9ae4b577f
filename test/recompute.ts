import { DateTime, IANAZone } from 'luxon';
import { CHANNELS, type Channel } from '../functions/chats/channel.ts';
import type { Distribution, Figures } from '../functions/metrics/measures.ts';
import {
  type Callback,
  type KeyedFigures,
  MISS_REASONS,
  type Summary,
} from '../functions/metrics/summary.ts';
import { causeOf, followUp, isWithin, latestReply } from './recompute-misses.ts';
import { asRead, pageAsRead, whoIsWho } from './recompute-people.ts';
import { countUnassigned, workByHour } from './recompute-workload.ts';

/**
 * The report's figures once more, slowly and plainly, from CareSoft's wire rows. It shares no code with the program
 * but the lists of channels and causes, and the types, so that a mistake would have to be made twice to go unseen.
 */

export interface RecomputeOptions {
  readonly day: string;
  readonly timeZone: string;
  /** Wire rows of each asked channel; integers above 2^53 are bigint. */
  readonly rowsByChannel: Partial<Record<Channel, readonly unknown[]>>;
  /** What CareSoft's filter by status finds: it tells what a row's own word does not. */
  readonly foundByStatus?: Partial<Record<Channel, Readonly<Record<KnownStatus, readonly unknown[]>>>>;
  readonly clock?: 'local' | 'utc';
  readonly serviceLevelSeconds?: number;
  /** Has no effect: phone and e-mail are always returned in full, masking is the comparer's. */
  readonly contacts?: 'masked' | 'full';
  readonly serviceNames?: ReadonlyMap<string, string>;
  readonly agentNames?: ReadonlyMap<string, string>;
  /** Default: it is always business. */
  readonly businessHours?: string;
  /** Default: 24 on Messenger, 48 on Zalo. */
  readonly replyHours?: Partial<Record<Channel, number>>;
  /** The day before, where it has a report. */
  readonly before?: Pick<Summary, 'day' | 'generatedAt' | 'callbacks'> & {
    /** Its wire rows; without them its customers are known again by their keys alone. */
    readonly rowsByChannel?: RecomputeOptions['rowsByChannel'];
  };
}

type Recomputed = Pick<
  Summary,
  | 'totals'
  | 'byChannel'
  | 'byHour'
  | 'byAgent'
  | 'byGroup'
  | 'byService'
  | 'byLandingPage'
  | 'byChannelHour'
  | 'businessHours'
  | 'missCauses'
  | 'workload'
  | 'recovered'
  | 'callbacks'
  | 'followUp'
> & { readonly counts: Partial<Record<Channel, RecomputedCounts>> };

type RecomputedCounts = ReturnType<typeof readChannel>['counts'];
type ReadChat = NonNullable<ReturnType<typeof readChat>>;
/** The person who wrote it among all chats of the day, and what of that is shown. */
type Chat = ReadChat & { readonly person: string; readonly customerKey: string };

type KnownStatus = 'answered' | 'missed';

const STATUSES = new Map<unknown, KnownStatus>([
  ['LBL_CHAT_STATUS_MEET', 'answered'],
  ['LBL_CHAT_STATUS_MISS', 'missed'],
]);

type IdField = 'conversation_id' | 'ticket_id' | 'ticket_no' | 'customer_id' | 'service_id';
type TextField = 'cus_name' | 'cus_phone' | 'cus_email' | 'agent_email' | 'agent_name' | 'group_name';
type TimeField = 'start_time' | 'meet_time' | 'end_time' | 'waitTime' | 'answer_time' | 'chat_duration';
/** The fields that the figures are made of. A row is written by others: none needs to be there, or of its type. */
type Row = Partial<Record<IdField | TextField | TimeField | 'chat_status' | 'landing_page', unknown>>;

function readText(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** What stands for no value in the columns of times stands for none in those of names too. */
function readName(value: unknown): string | null {
  const text = readText(value);
  const isNone = text !== null && ['0', '00:00:00', '0000-00-00 00:00:00'].includes(text);
  return isNone ? null : (text?.toWellFormed() ?? null);
}

/** As much of a name as reports show: 200 units, of which the last is then `…`, and no letter in parts. */
function cutName(name: string | null): string | null {
  if (name === null || name.length <= 200) return name;
  let cut = '';
  for (const { segment } of new Intl.Segmenter('vi').segment(name)) {
    if (cut.length + segment.length > 199) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** No customer can be called back by what is longer than any address. */
function readContact(value: unknown): string | null {
  const text = readName(value);
  return text !== null && text.length > 254 ? null : text;
}

/** No wait and no chat lasts longer than 366 days. */
function orBeyond(seconds: number | null): number | null {
  return seconds !== null && seconds > 366 * 24 * 3600 ? null : seconds;
}

function readConversationId(value: unknown): string | null {
  const isInteger = typeof value === 'bigint' || Number.isSafeInteger(value);
  const text = isInteger ? String(value) : readText(value);
  return text === '0' ? null : text;
}

/** customer_id, ticket_id, ticket_no, service_id: the text of the digits. */
function readId(value: unknown): string | null {
  const text = readConversationId(value);
  return text !== null && /^[0-9]+$/.test(text) ? text : null;
}

/** Zero, in whichever of the ways it is written; on a missed chat it then counts for nothing. */
function isZero(value: unknown): boolean {
  return value === 0 || readText(value) === '0' || readText(value) === '00:00:00';
}

/** `H+:mm:ss` in seconds. */
function readClock(value: unknown): number | null {
  if (isZero(value)) return 0;
  const match = /^([0-9]{1,6}):([0-5][0-9]):([0-5][0-9])$/.exec(readText(value) ?? '');
  return match === null ? null : orBeyond(Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]));
}

/** chat_duration in seconds. */
function readSeconds(value: unknown): number | null {
  if (isZero(value)) return 0;
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && value >= 0 ? orBeyond(Math.abs(value)) : null; // -0 is 0.
  }
  return /^[0-9]{1,9}$/.test(readText(value) ?? '') ? orBeyond(Number(value)) : null;
}

/** A `yyyy-MM-dd HH:mm:ss` as epoch seconds as if it were UTC; it has to come back the same, so it is a real date. */
function readWall(value: unknown): number | null {
  const text = readText(value) ?? '';
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$/.test(text)) {
    return null;
  }
  const seconds = Date.parse(`${text.replace(' ', 'T')}Z`) / 1000;
  return !Number.isNaN(seconds) && showWall(seconds) === text && text < '2100' ? seconds : null;
}

function showWall(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** host + path. */
function readLandingPage(value: unknown): string | null {
  const url = URL.parse(readText(value) ?? '');
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url.host + url.pathname : null;
}

const offsets = new Map<string, number>();

/** Asked once a minute, on which all clocks change: asking for each chat costs more than all the rest together. */
function offsetSeconds(timeZone: string, epoch: number): number {
  const minute = Math.floor(epoch / 60);
  const key = `${timeZone} ${minute}`;
  const offset = offsets.get(key) ?? Math.round(IANAZone.create(timeZone).offset(minute * 60_000) * 60);
  offsets.set(key, offset);
  return offset;
}

/** The instant of a wall time: the first of two; one that was skipped is read with the offset before the change. */
function wallToInstant(wall: number, timeZone: string): number {
  const before = wall - offsetSeconds(timeZone, wall - 86_400);
  const after = wall - offsetSeconds(timeZone, wall + 86_400);
  const real = [before, after].filter((instant) => instant + offsetSeconds(timeZone, instant) === wall);
  return real.length === 0 ? before : Math.min(...real);
}

function elapsed(from: number | null, to: number | null): number | null {
  return from !== null && to !== null && to >= from ? orBeyond(to - from) : null;
}

/** The same text for the same JSON value, in whatever order its members stand. */
function contentOf(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(contentOf).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([name, member]) => `${JSON.stringify(name)}:${contentOf(member)}`,
    );
    return `{${members.sort(compareText).join(',')}}`;
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function asRow(value: unknown): Row | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : null;
}

function uniqueKey(value: unknown): string {
  const conversationId = readConversationId(asRow(value)?.conversation_id);
  return conversationId === null ? `content ${contentOf(value)}` : `id ${conversationId}`;
}

/** A chat is one row by its id and its start as written. */
function rowKey(value: unknown): string {
  return `${uniqueKey(value)} ${readText(asRow(value)?.start_time)}`;
}

/** The chat of a row on whatever day, or null where the row is rejected. */
function readChat(
  value: unknown,
  channel: Channel,
  options: RecomputeOptions,
  found: ReadonlyMap<string, KnownStatus>,
) {
  const row = asRow(value) ?? {};
  const instantOf = (value: unknown) => {
    const wall = readWall(value);
    return wall === null || options.clock === 'utc' ? wall : wallToInstant(wall, options.timeZone);
  };
  const conversationId = readConversationId(row.conversation_id);
  const startWall = readWall(row.start_time);
  const start = instantOf(row.start_time);
  if (conversationId === null || startWall === null || start === null) {
    return null;
  }
  const zoneWall = options.clock === 'utc' ? start + offsetSeconds(options.timeZone, start) : startWall;
  const meet = instantOf(row.meet_time);
  const end = instantOf(row.end_time);
  const status = STATUSES.get(readText(row.chat_status)) ?? found.get(rowKey(value)) ?? ('other' as const);
  const waitTime = readClock(row.waitTime);
  const answered = (seconds: number | null) => (status === 'answered' ? seconds : null);
  return {
    channel,
    conversationId,
    /** Epoch seconds, as are the next two. */
    start,
    meet,
    end,
    /** The start on the zone's wall clock. */
    wall: showWall(zoneWall),
    status,
    wait: answered(waitTime ?? elapsed(start, meet)),
    abandonWait: status === 'missed' && waitTime !== null && waitTime > 0 ? waitTime : null,
    handle: answered(readClock(row.answer_time) ?? elapsed(meet, end)),
    duration: answered(readSeconds(row.chat_duration) ?? elapsed(start, end)),
    customerId: readId(row.customer_id),
    customerName: cutName(readName(row.cus_name)),
    phone: readContact(row.cus_phone),
    email: readContact(row.cus_email),
    ticketId: readId(row.ticket_id),
    ticketNo: readId(row.ticket_no),
    agent: readName(row.agent_email)?.toLowerCase() ?? null,
    agentName: cutName(readName(row.agent_name)),
    group: readName(row.group_name),
    service: readId(row.service_id),
    landingPage: readLandingPage(row.landing_page),
  };
}

const STATUS_RANKS = { answered: 2, missed: 1, other: 0 };

/**
 * Of several rows with one id, by what they say: one of the day before others, then an answered one before a missed one
 * before any other, then the later meeting, the later end, the greater text.
 */
function choose<
  Copy extends { readonly chat: ReadChat | null; readonly isOwn: boolean; readonly content: string },
>(copies: readonly Copy[]): Copy {
  const rank = ({ chat, isOwn }: Copy) => (isOwn ? 2 : Number(chat !== null));
  const status = ({ chat }: Copy) => (chat ? STATUS_RANKS[chat.status] : 0);
  const [best] = [...copies].sort(
    (a, b) =>
      rank(b) - rank(a) ||
      status(b) - status(a) ||
      (b.chat?.meet ?? 0) - (a.chat?.meet ?? 0) ||
      (b.chat?.end ?? 0) - (a.chat?.end ?? 0) ||
      compareText(b.content, a.content),
  );
  if (best === undefined) throw new Error('there is no copy');
  return best;
}

function readChannel(rows: readonly unknown[], channel: Channel, options: RecomputeOptions) {
  const { answered = [], missed = [] } = options.foundByStatus?.[channel] ?? {};
  const found = new Map<string, KnownStatus>([
    ...answered.map((row) => [rowKey(row), 'answered'] as const),
    ...missed.map((row) => [rowKey(row), 'missed'] as const),
  ]);
  const read = rows.map((row) => {
    const chat = readChat(row, channel, options, found);
    const isOwn = chat?.wall.slice(0, 10) === options.day;
    return { key: uniqueKey(row), content: contentOf(row), chat, isOwn };
  });
  const unique = [...Map.groupBy(read, ({ key }) => key).values()];
  const chosen = unique.map(choose);
  const accepted = chosen.filter(({ chat }) => chat !== null);
  const chats = chosen.flatMap(({ chat, isOwn }) => (isOwn && chat ? [chat] : []));
  const differing = unique.map((copies) => new Set(copies.map(({ content }) => content)).size - 1);
  const counts = {
    rows: rows.length,
    unique: unique.length,
    duplicates: rows.length - unique.length,
    conflicts: differing.reduce((sum, more) => sum + more, 0),
    rejected: chosen.length - accepted.length,
    outsideDay: accepted.length - chats.length,
    chats: chats.length,
  };
  return { chats, counts };
}

function compareText(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}

/** Earliest first. */
function compareStart(a: ReadChat, b: ReadChat): number {
  return (
    a.start - b.start ||
    compareText(a.conversationId, b.conversationId) ||
    CHANNELS.indexOf(a.channel) - CHANNELS.indexOf(b.channel)
  );
}

function distribute(values: readonly (number | null)[]): Distribution {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const count = sorted.length;
  const sum = sorted.reduce((total, value) => total + value, 0);
  const nearestRank = (percent: number) => sorted[Math.floor((percent * count + 99) / 100) - 1] ?? null;
  return {
    count,
    sum,
    mean: count === 0 ? null : sum / count,
    p50: nearestRank(50),
    p90: nearestRank(90),
    p95: nearestRank(95),
    max: sorted.at(-1) ?? null,
  };
}

function measure(chats: readonly Chat[], thresholdSeconds: number): Figures {
  const answered = chats.filter((chat) => chat.status === 'answered').length;
  const missed = chats.filter((chat) => chat.status === 'missed').length;
  const within = chats.filter((chat) => chat.wait !== null && chat.wait <= thresholdSeconds).length;
  const share = (part: number) => (answered + missed === 0 ? null : part / (answered + missed));
  return {
    chats: chats.length,
    customers: new Set(chats.map((chat) => chat.person)).size,
    answered,
    missed,
    other: chats.length - answered - missed,
    missedRate: share(missed),
    serviceLevel: { thresholdSeconds, within, rate: share(within) },
    waitSeconds: distribute(chats.map((chat) => chat.wait)),
    abandonWaitSeconds: distribute(chats.map((chat) => chat.abandonWait)),
    handleSeconds: distribute(chats.map((chat) => chat.handle)),
    durationSeconds: distribute(chats.map((chat) => chat.duration)),
  };
}

function measureBy(
  chats: readonly Chat[],
  thresholdSeconds: number,
  keyOf: (chat: Chat) => string | null,
  nameOf: (key: string, chats: readonly Chat[]) => string | undefined = () => undefined,
  readAs = asRead,
): KeyedFigures[] {
  const readKey = (chat: Chat) => readAs(keyOf(chat) ?? '') || null;
  const list = [...Map.groupBy(chats, readKey)].map(([read, own]) => {
    const key = read === null ? null : mostFrequent(own.map((chat) => keyOf(chat) ?? ''));
    const name = key === null ? undefined : nameOf(key, own);
    return { key, ...(name === undefined ? {} : { name }), ...measure(own, thresholdSeconds) };
  });
  const nullLast = (a: string | null, b: string | null) =>
    a === null || b === null ? Number(a === null) - Number(b === null) : compareText(a, b);
  return list.sort((a, b) => b.chats - a.chats || nullLast(a.key, b.key));
}

/** The least of those that are there most often. */
function mostFrequent(texts: readonly string[]): string {
  const times = (text: string) => texts.filter((one) => one === text).length;
  return [...new Set(texts)].sort((a, b) => times(b) - times(a) || compareText(a, b))[0] ?? '';
}

/** The customers with a missed chat: whom to call back, and how many were answered since. */
function followMissed(
  chats: readonly Chat[],
  options: RecomputeOptions,
): { callbacks: Callback[]; recovered: number } {
  const { timeZone, replyHours = { messenger: 24, zalo: 48 } } = options;
  const show = (start: number) =>
    DateTime.fromSeconds(start, { zone: timeZone, locale: 'en-US' }).toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");
  const entries: { callback: Callback; last: Chat }[] = [];
  let recovered = 0;
  for (const own of Map.groupBy(chats, (chat) => chat.person).values()) {
    const missed = own.filter((chat) => chat.status === 'missed').sort(compareStart);
    const first = missed.at(0);
    const last = missed.at(-1);
    if (first === undefined || last === undefined) {
      continue;
    }
    if (own.some((chat) => chat.status === 'answered' && chat.start > last.start)) {
      recovered += 1;
      continue;
    }
    const end = latestReply(missed, replyHours);
    const callback: Callback = {
      customer: {
        key: last.customerKey,
        name: missed.findLast((chat) => chat.customerName !== null)?.customerName ?? null,
        phone: missed.findLast((chat) => chat.phone !== null)?.phone ?? null,
        email: missed.findLast((chat) => chat.email !== null)?.email ?? null,
      },
      channels: CHANNELS.filter((channel) => missed.some((chat) => chat.channel === channel)),
      attempts: missed.length,
      firstMissedAt: show(first.start),
      lastMissedAt: show(last.start),
      replyBy: end === null ? null : show(end),
      lastChannel: last.channel,
      waitedSeconds: last.abandonWait,
      cause: causeOf(last, chats, dayStart(options), options.businessHours),
      agent: last.agent === null || asRead(last.agent) === '' ? null : agentOf(last.agent, chats, options),
      ticketId: last.ticketId,
      ticketNo: last.ticketNo,
      conversationId: last.conversationId,
    };
    entries.push({ callback, last });
  }
  entries.sort(
    (a, b) =>
      b.callback.attempts - a.callback.attempts ||
      b.last.start - a.last.start ||
      compareText(a.callback.customer.key, b.callback.customer.key) ||
      CHANNELS.indexOf(a.last.channel) - CHANNELS.indexOf(b.last.channel),
  );
  return { callbacks: entries.map((entry) => entry.callback), recovered };
}

/** An agent, however their e-mail is spelled, as the latest chat calls them, or else the directory. */
function agentOf(email: string, chats: readonly Chat[], { agentNames }: RecomputeOptions) {
  const isTheirs = (other: string | null) => asRead(other ?? '') === asRead(email);
  const named = chats.filter((chat) => isTheirs(chat.agent) && chat.agentName !== null).sort(compareStart);
  const listed = [...(agentNames ?? [])].find(([other]) => isTheirs(other))?.[1];
  return { email, name: named.at(-1)?.agentName ?? listed ?? null };
}

/** The instant of the day's first second. */
function dayStart({ day, timeZone }: RecomputeOptions): number {
  return wallToInstant(Date.parse(`${day}T00:00:00Z`) / 1000, timeZone);
}

function readBefore(
  { day, rowsByChannel }: NonNullable<RecomputeOptions['before']>,
  options: RecomputeOptions,
): Chat[] {
  const { foundByStatus: _, ...others } = options;
  const read = rowsByChannel ? readChats(rowsByChannel, { ...others, day }) : [];
  return read.flatMap(({ chats }) => chats);
}

/** The chats of each channel, and who of all channels wrote them. */
function readChats(rowsByChannel: RecomputeOptions['rowsByChannel'], options: RecomputeOptions) {
  const read = CHANNELS.flatMap((channel) => {
    const rows = rowsByChannel[channel];
    return rows === undefined ? [] : [{ channel, ...readChannel(rows, channel, options) }];
  });
  const all = read.flatMap(({ chats }) => chats);
  const persons = new Map(whoIsWho(all).map((one, place) => [all[place], one]));
  return read.map(({ chats, ...of }) => ({
    ...of,
    chats: chats.map((chat): Chat => {
      const { person = '', key = '' } = persons.get(chat) ?? {};
      return { ...chat, person, customerKey: key };
    }),
  }));
}

export function recompute(options: RecomputeOptions): Recomputed {
  const threshold = options.serviceLevelSeconds ?? 60;
  const read = readChats(options.rowsByChannel, options);
  const chats = read.flatMap(({ chats }) => chats);
  const byChannel: Partial<Record<Channel, Figures>> = {};
  const counts: Partial<Record<Channel, RecomputedCounts>> = {};
  for (const { channel, chats, ...of } of read) {
    byChannel[channel] = measure(chats, threshold);
    counts[channel] = of.counts;
  }
  const agentName = (key: string, own: readonly Chat[]) => {
    const named = own.filter((chat) => chat.agentName !== null).sort(compareStart);
    return named.at(-1)?.agentName ?? options.agentNames?.get(key);
  };
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  const inHour = (hour: number) => chats.filter((chat) => Number(chat.wall.slice(11, 13)) === hour);
  const { before, businessHours } = options;
  const causes = chats
    .filter((chat) => chat.status === 'missed')
    .map((chat) => causeOf(chat, chats, dayStart(options), businessHours));
  const missCauses = MISS_REASONS.map((name) => [name, causes.filter((cause) => cause === name).length]);
  return {
    totals: { channels: CHANNELS.filter((channel) => byChannel[channel]), ...measure(chats, threshold) },
    byChannel,
    byHour: hours.map((hour) => ({ hour, ...measure(inHour(hour), threshold) })),
    byAgent: measureBy(chats, threshold, (chat) => chat.agent, agentName),
    byGroup: measureBy(chats, threshold, (chat) => chat.group),
    byService: measureBy(
      chats,
      threshold,
      (chat) => chat.service,
      (key) => options.serviceNames?.get(key),
    ),
    byLandingPage: measureBy(chats, threshold, (chat) => chat.landingPage, undefined, pageAsRead),
    byChannelHour: CHANNELS.flatMap((channel) =>
      hours.flatMap((hour) => {
        const own = inHour(hour).filter((chat) => chat.channel === channel);
        return own.length === 0 ? [] : [{ channel, hour, ...measure(own, threshold) }];
      }),
    ),
    businessHours:
      businessHours === undefined
        ? null
        : {
            hours: businessHours,
            inside: measure(
              chats.filter((chat) => isWithin(businessHours, chat)),
              threshold,
            ),
            outside: measure(
              chats.filter((chat) => !isWithin(businessHours, chat)),
              threshold,
            ),
          },
    missCauses: Object.fromEntries(missCauses),
    workload: {
      byHour: workByHour(chats, options.day, options.timeZone),
      unassigned: countUnassigned(chats, businessHours),
    },
    ...followMissed(chats, options),
    followUp: before ? followUp(chats, before, readBefore(before, options)) : null,
    counts,
  };
}
