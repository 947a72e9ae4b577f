import type { ChannelCompleteness } from '../capture/completeness.ts';
import type { Channel } from '../chat/channel.ts';
import type { Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { captureMissing, type MissingRequest } from './capture-day.ts';
import type { CaptureDayPorts } from './capture-piece.ts';
import { type Context, REPEATABLE } from './context.ts';
import { noteMadeUp, noteTried } from './day-record.ts';
import { exclusively } from './exclusively.ts';
import { type PublishPorts, publishDay } from './publish-day.ts';
import { deriveOrKeep } from './stale-days.ts';

/**
 * Captures what an earlier day lacks, and derives its report where that brought anything. It is mailed by no one: the next
 * mail tells of it.
 *
 * @param unanswered channels that did not answer in this run
 * @returns whether nothing is left to be done of it in this run
 */
export async function makeUp(
  request: MissingRequest,
  unanswered: Map<Channel, ChannelCompleteness>,
  context: Context,
  account: Account,
  ports: CaptureDayPorts & PublishPorts,
): Promise<boolean> {
  const { day } = request;
  const prefix = `make up ${day}: `;
  const named = { ...ports, log: ports.log.about({ day }) };
  await context.breathe(`${prefix}begin`);
  const captured = await captureMissing(request, unanswered, context, account, named, prefix);
  if (captured === null) return !account.channels.some((channel) => !unanswered.has(channel));
  const note = async (): Promise<void> => {
    const now = new Date(ports.clock.now()).toISOString();
    if (captured.verdict === 'proven') await noteMadeUp(ports.lake, day, now);
    else await noteTried(ports.lake, day, now, captured);
  };
  // Before it is derived: its summary says when it was made up.
  await context.step(`${prefix}note it`, note, REPEATABLE);
  if (captured.verdict !== 'unproven') await publishDay(day, captured, context, account, named, prefix);
  return true;
}

/**
 * Has the next mail tell of a whole report that no mail has told of. It stays as it is: by what the account asks now, it
 * could be of other chats.
 */
export async function tellAsMadeUp(
  day: Day,
  context: Context,
  account: Account,
  ports: CaptureDayPorts & PublishPorts,
): Promise<boolean> {
  const prefix = `tell of ${day}: `;
  await context.breathe(`${prefix}begin`);
  await exclusively(`${prefix}derive`, context, ports, async (held) => {
    // Before it is derived: its summary says when it was made up.
    await noteMadeUp(held, day, new Date(ports.clock.now()).toISOString());
    const tell = (problem: string): void => ports.log({ event: 'look-failed', problem });
    const summary = await deriveOrKeep(day, account.locale, held, tell);
    if (summary !== null) ports.onPublished?.(summary);
  });
  return true;
}
