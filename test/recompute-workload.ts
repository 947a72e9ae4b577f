import { DateTime } from 'luxon';
import type { Workload } from '../functions/metrics/summary.ts';
import { isWithin } from './recompute-misses.ts';
import { asRead } from './recompute-people.ts';

/** The part of the recomputation that is about the agents: who was at work in each hour, and what none of them was given. */

/** As much of a chat as tells that. Times are epoch seconds. */
interface Chat {
  readonly start: number;
  readonly meet: number | null;
  readonly end: number | null;
  readonly wall: string;
  readonly status: 'answered' | 'missed' | 'other';
  readonly agent: string | null;
}

export function workByHour(chats: readonly Chat[], day: string, timeZone: string): Workload['byHour'] {
  const work = chats
    .map(({ agent, ...chat }) => ({ ...chat, agent: asRead(agent ?? '') }))
    .filter(({ status, agent }) => status === 'answered' && agent !== '');
  const minutes = minutesOf(day, timeZone);
  return Array.from({ length: 24 }, (_, hour) => {
    const own = minutes.filter((minute) => minute.hour === hour).map(({ at }) => at);
    const active = work.filter((chat) => own.some((at) => touches(chat, at)));
    // Each time that an agent is found in a chat on a full minute, with how many that are.
    const found = own.flatMap((at) => {
      const held = work.filter((chat) => isKnown(chat) && chat.meet <= at && at < chat.end);
      return [...Map.groupBy(held, ({ agent }) => agent).values()].map((of) => of.length);
    });
    const sum = found.reduce((total, count) => total + count, 0);
    return {
      hour,
      agents: new Set(active.map(({ agent }) => agent)).size,
      chatsAtOnce: found.length === 0 ? null : sum / found.length,
    };
  });
}

export function countUnassigned(
  chats: readonly Chat[],
  businessHours: string | undefined,
): Workload['unassigned'] {
  const missed = chats.filter(({ status, agent }) => status === 'missed' && asRead(agent ?? '') === '');
  const inside = missed.filter((chat) => businessHours !== undefined && isWithin(businessHours, chat));
  return { missed: missed.length, missedInside: businessHours === undefined ? null : inside.length };
}

function isKnown<Of extends Pick<Chat, 'start' | 'meet' | 'end'>>(
  chat: Of,
): chat is Of & { readonly meet: number; readonly end: number } {
  const { start, meet, end } = chat;
  return meet !== null && end !== null && start <= meet && meet <= end;
}

/** Whether a chat has to do with the minute that begins then. */
function touches(chat: Pick<Chat, 'start' | 'meet' | 'end'>, at: number): boolean {
  if (isKnown(chat)) return chat.meet < at + 60 && at <= chat.end;
  return at <= chat.start && chat.start < at + 60;
}

/** The minutes of the day as they pass, and what hour the clock says. */
function minutesOf(day: string, timeZone: string): { at: number; hour: number }[] {
  const minutes: { at: number; hour: number }[] = [];
  const start = DateTime.fromISO(day, { zone: timeZone }).startOf('day').toSeconds();
  for (let at = start; ; at += 60) {
    const now = DateTime.fromSeconds(at, { zone: timeZone });
    if (now.toFormat('yyyy-MM-dd') !== day) return minutes;
    minutes.push({ at, hour: now.hour });
  }
}
