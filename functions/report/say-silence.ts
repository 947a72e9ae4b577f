import type { Channel } from '../chat/channel.ts';
import type { Summary } from '../measure/summary.ts';
import { wallClock } from './format.ts';
import type { Quiet, Silence } from './silence.ts';
import type { Voice } from './voice.ts';

/** Each channel that fell silent, since when, and what comes otherwise. */
export function silenceAlerts({ silent }: Quiet, voice: Voice): string[] {
  const { words } = voice;
  return silent.map((silence, place) => {
    const says = `${sayOf(silence, voice)}; ${usually(silence, voice)}.`;
    // What is to be done is said once.
    return place === silent.length - 1 ? `${says} ${words.checkConnection}` : says;
  });
}

/** The same in the first words of a report; nothing of a day without any chat, whose verdict says it. */
export function silenceWarning({ totals }: Summary, { silent }: Quiet, voice: Voice): string {
  if (totals.chats === 0) return '';
  return silent.map((silence) => `${sayOf(silence, voice)}. `).join('');
}

export function silenceHeadlines({ silent }: Quiet, { words }: Voice): string[] {
  return silent.map(({ channel, since }) => words.silenceInSubject(words.channels[channel], clockOf(since)));
}

/** What stands beside a channel in a table; null where it is as usual. */
export function quietMark(
  channel: Channel,
  { silent, unusuallyEmpty }: Quiet,
  { words }: Voice,
): string | null {
  const silence = silent.find((one) => one.channel === channel);
  if (silence !== undefined) return words.silentMark(clockOf(silence.since));
  return unusuallyEmpty.includes(channel) ? words.unusuallyEmptyMark : null;
}

function sayOf({ channel, since }: Silence, { words }: Voice): string {
  return words.silence(words.channels[channel], clockOf(since));
}

function usually({ fromHour, days, isEachBefore, least, most }: Silence, { words, format }: Voice): string {
  const chats = [...new Set([least, most])].map((count) => format.count(count)).join('–');
  const from = fromHour === 0 ? null : `${String(fromHour).padStart(2, '0')}:00`;
  return words.usually(chats, from, format.count(days), isEachBefore, days);
}

function clockOf(since: string | null): string | null {
  return since === null ? null : wallClock(since);
}
