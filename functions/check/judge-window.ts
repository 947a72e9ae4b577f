import { writeBound } from '../capture/chats-query.ts';
import { countOf, type Finding, fail, ok } from './finding.ts';
import type { NarrowLook } from './narrow-look.ts';
import type { SeenChat } from './sample.ts';

const ID = 'window';
const TELL =
  'do not trust reports of this account yet, and show this line to whoever maintains the program or CareSoft';

/** Whether CareSoft gives the chats of the window that is asked for, and no others. */
export function judgeWindow(known: readonly SeenChat[], { window, chats, isWhole }: NarrowLook): Finding {
  const asked = `${writeBound(window.since)} to ${writeBound(window.to)}`;
  const outside = chats.filter(({ wireSeconds }) => wireSeconds < window.since || wireSeconds > window.to);
  if (outside.length > 0) {
    const shifts = outside.map(
      ({ wireSeconds }) => wireSeconds - (wireSeconds < window.since ? window.since : window.to),
    );
    const hours = Math.max(...shifts.map((shift) => Math.abs(shift))) / 3_600;
    return fail(
      ID,
      `Asked for ${asked}, CareSoft gave ${countOf(outside.length, 'chat')} that start up to ${hours.toFixed(1)} h outside: it reads bounds by another clock than it writes times with, or does not heed them.`,
      TELL,
    );
  }
  const came = new Set(chats.map(({ chat }) => chat.conversationId));
  const missing = known.filter(
    ({ chat, wireSeconds }) =>
      wireSeconds > window.since && wireSeconds < window.to && !came.has(chat.conversationId),
  );
  if (isWhole && missing.length > 0) {
    return fail(
      ID,
      `Asked for ${asked}, CareSoft left out ${countOf(missing.length, 'chat')} that it gave before.`,
      TELL,
    );
  }
  return ok(ID, `Asked for ${asked}, CareSoft gave ${countOf(chats.length, 'chat')}, all of that time.`);
}
