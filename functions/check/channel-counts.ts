import type { Filters } from '../capture/filters.ts';
import type { Channel } from '../chat/channel.ts';
import type { Day } from '../time/report-day.ts';
import { countOf, type Finding, note, ok } from './finding.ts';

/** What CareSoft counts of one channel. */
export interface ChannelCounts {
  readonly channel: Channel;
  readonly all: number;
  /** Null where there are none to be told apart. */
  readonly byType: { readonly inbound: number; readonly outbound: number } | null;
  /** In the week before the day; asked only of a channel without chats on the day. */
  readonly weekBefore: number | null;
}

export function judgeCounts(counts: ChannelCounts, day: Day, chatType: Filters['chatType']): Finding {
  const { channel, all, byType, weekBefore } = counts;
  const id = `chats.${channel}`;
  if (byType === null || all === 0) return judgeNone(id, counts, day, weekBefore);

  const { inbound, outbound } = byType;
  const says = `${channel}: ${countOf(all, 'chat')} on ${day}, ${inbound} inbound and ${outbound} outbound.`;
  if (inbound + outbound !== all) {
    return chatType === 'all'
      ? note(id, `${says} These do not add up, which does no harm while CHAT_TYPE is all.`)
      : note(
          id,
          `${says} These do not add up, and CHAT_TYPE=${chatType} reports ${byType[chatType]}.`,
          'set CHAT_TYPE=all, so that no chat depends on its kind',
        );
  }
  const leftOut = chatType === 'all' ? 0 : all - byType[chatType];
  if (leftOut === 0) return ok(id, says);
  return note(
    id,
    `${says} CHAT_TYPE=${chatType} leaves ${leftOut} of them out of the report.`,
    'set CHAT_TYPE=all to report them too',
  );
}

function judgeNone(id: string, { channel }: ChannelCounts, day: Day, weekBefore: number | null): Finding {
  const none = `${channel}: no chats on ${day}`;
  if (weekBefore === null) return note(id, `${none}.`);
  return weekBefore > 0
    ? note(
        id,
        `${none}, but ${weekBefore} in the seven days before.`,
        'if that is not a day off, see in CareSoft whether the channel is still connected',
      )
    : note(
        id,
        `${none}, nor in the seven days before.`,
        `if you do not use ${channel}, leave it out of CHANNELS`,
      );
}
