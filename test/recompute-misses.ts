import { DateTime } from 'luxon';
import type { Channel } from '../functions/chats/channel.ts';
import type { Callback, FollowUp, MissReason, Summary } from '../functions/metrics/summary.ts';
import { asRead, type Writer, whoIsWho } from './recompute-people.ts';

/** The part of the recomputation that is about missed chats: why they were, and what became of whom they were of. */

/** As much of a chat as tells that. Times are epoch seconds. */
interface Chat {
  readonly start: number;
  readonly meet: number | null;
  readonly end: number | null;
  /** The start on the zone's wall clock, `yyyy-MM-dd HH:mm:ss`. */
  readonly wall: string;
  readonly status: 'answered' | 'missed' | 'other';
  readonly abandonWait: number | null;
  readonly agent: string | null;
}

type Written = Pick<Chat, 'status'> & Writer & { readonly person: string; readonly customerKey: string };

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Whether a chat began within hours such as `Mon-Fri 08:00-18:00, Sat 20:00-02:00`, by comparing texts. */
export function isWithin(hours: string, { wall }: Pick<Chat, 'wall'>): boolean {
  const today = DateTime.fromSQL(wall, { zone: 'utc' }).weekday - 1;
  const yesterday = (today + 6) % 7;
  const time = wall.slice(11, 16);
  return hours.split(',').some((part) => {
    const [days = '', ...ranges] = part.trim().split(/ +/);
    const [first = '', last = first] = days.split('-');
    const isOf = (day: number) => {
      const [from, to] = [WEEKDAYS.indexOf(first), WEEKDAYS.indexOf(last)];
      return from <= to ? from <= day && day <= to : day >= from || day <= to;
    };
    return ranges.some((range) => {
      const [from = '', to = ''] = range.split('-');
      if (from < to) return isOf(today) && from <= time && time < to;
      return (isOf(today) && time >= from) || (isOf(yesterday) && time < to);
    });
  });
}

/** Why a missed chat probably was, among all chats of its day. */
export function causeOf(
  chat: Chat,
  chats: readonly Chat[],
  dayStart: number,
  hours: string | undefined,
): MissReason {
  if (hours !== undefined && !isWithin(hours, chat)) return 'outOfHours';
  const minute = (at: number) => Math.floor((at - dayStart) / 60);
  const hour = (at: number) => Math.floor((at - dayStart) / 3600);
  const spans = chats
    .filter(({ status, agent }) => status === 'answered' && asRead(agent ?? '') !== '')
    .map(({ agent: written, start, meet, end }) => {
      const agent = asRead(written ?? '');
      const isKnown = meet !== null && end !== null && start <= meet && meet <= end;
      return isKnown ? { agent, from: meet, to: end, isKnown } : { agent, from: start, to: start, isKnown };
    });
  const active = spans.filter(
    ({ from, to }) => hour(from) <= hour(chat.start) && hour(chat.start) <= hour(to),
  );
  const inChat = spans.filter(
    ({ from, to, isKnown }) =>
      isKnown && minute(from) <= minute(chat.start) && minute(chat.start) <= minute(to),
  );
  const isBusy = ({ agent }: { agent: string | null }) => inChat.some((span) => span.agent === agent);
  if (active.length > 0 && active.every(isBusy)) return 'agentsBusy';
  return chat.abandonWait !== null && chat.abandonWait <= 10 ? 'leftEarly' : 'unknown';
}

/** Until when a customer can be answered, from the starts of their missed chats. */
export function latestReply(
  missed: readonly { readonly channel: Channel; readonly start: number }[],
  replyHours: Partial<Record<Channel, number>>,
): number | null {
  const ends = missed.map(({ channel, start }) => start + (replyHours[channel] ?? Number.NaN) * 3600);
  return ends.filter((end) => !Number.isNaN(end)).sort((a, b) => b - a)[0] ?? null;
}

/**
 * What became on this day of whom the day before named: they are known again where chats of both days together are of one
 * person.
 *
 * @param before the chats of that day; where there are none, by the keys alone
 */
export function followUp(
  chats: readonly Written[],
  {
    day,
    generatedAt,
    callbacks,
  }: Pick<Summary, 'day' | 'generatedAt'> & { readonly callbacks: readonly Callback[] },
  before: readonly Written[],
): FollowUp {
  const both = whoIsWho([...before, ...chats]);
  const alone = chats.map((chat) => whoIsWho([chat])[0]?.key);
  const fates = callbacks.map(({ customer: { key } }) => {
    if (key.startsWith('chat:')) return 'unrecognizable';
    const labels = new Set(
      before.flatMap(({ customerKey }, place) => (customerKey === key ? [both[place]?.person] : [])),
    );
    const again = chats.filter((_, place) =>
      labels.size > 0 ? labels.has(both[before.length + place]?.person) : alone[place] === key,
    );
    const persons = new Set(again.map(({ person }) => person));
    const statuses = chats.filter(({ person }) => persons.has(person)).map(({ status }) => status);
    if (statuses.includes('answered')) return 'answered';
    return statuses.includes('missed') ? 'missedAgain' : 'silent';
  });
  const count = (fate: (typeof fates)[number]) => fates.filter((one) => one === fate).length;
  return {
    ...{ day, generatedAt, customers: callbacks.length },
    ...{ answered: count('answered'), missedAgain: count('missedAgain') },
    ...{ silent: count('silent'), unrecognizable: count('unrecognizable') },
  };
}
