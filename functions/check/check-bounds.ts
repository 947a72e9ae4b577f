import { type Finding, note } from './finding.ts';
import type { Probe } from './probe.ts';
import { type Sample, type SeenChat, seeChats } from './sample.ts';
import type { CheckSubject } from './subject.ts';

const ID = 'bounds';

/** Whether a chat that starts in the very second of a bound comes. Days are asked for with a margin, so either is well. */
export async function checkBounds(
  probe: Probe,
  { asked, chats }: Sample,
  { reading }: CheckSubject,
): Promise<Finding> {
  const known = chats[Math.floor(chats.length / 2)];
  if (known === undefined) return note(ID, 'Whether bounds are included could not be told: no chat came.');
  const comesWithin = (before: number, after: number): Promise<boolean> => comes(known, before, after);

  const atStart = await comesWithin(0, 1);
  const atEnd = await comesWithin(1, 0);
  if (atStart && atEnd) {
    return note(ID, 'A chat that starts in the second of a bound comes: both bounds are included.');
  }
  if (atStart) return note(ID, 'The first bound is included, the last one is not. Both are handled.');
  if (atEnd) return note(ID, 'The last bound is included, the first one is not. Both are handled.');
  return (await comesWithin(1, 1))
    ? note(
        ID,
        'A chat that starts in the second of a bound does not come: bounds are excluded. That is handled.',
      )
    : note(ID, 'Whether bounds are included could not be told: a chat that came before did not come again.');

  async function comes({ chat, wireSeconds }: SeenChat, before: number, after: number): Promise<boolean> {
    const window = { since: wireSeconds - before, to: wireSeconds + after };
    const { rows } = await probe.ask({ ...asked, window });
    return seeChats(rows, asked.channel, reading).some(
      ({ chat: { conversationId } }) => conversationId === chat.conversationId,
    );
  }
}
