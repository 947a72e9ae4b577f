import type { Channel } from '../chat/channel.ts';
import type { Chat } from '../chat/chat.ts';
import { parseChat, type RowReading } from '../chat/parse-chat.ts';
import type { Day } from '../time/report-day.ts';
import type { Asked, Probe } from './probe.ts';
import { toWire } from './wire-window.ts';

/** A chat that came, with its start as its row writes it. */
export interface SeenChat {
  readonly chat: Chat;
  readonly wireSeconds: number;
}

/** The first page of a channel's chats. */
export interface Sample {
  readonly asked: Asked;
  readonly day: Day;
  readonly numFound: number;
  readonly rows: readonly unknown[];
  /** The rows that can be read as chats, in the order in which they came. */
  readonly chats: readonly SeenChat[];
}

export async function takeSample(probe: Probe, asked: Asked, day: Day, reading: RowReading): Promise<Sample> {
  const { numFound, rows } = await probe.ask(asked);
  return { asked, day, numFound, rows, chats: seeChats(rows, asked.channel, reading) };
}

export function seeChats(rows: readonly unknown[], channel: Channel, reading: RowReading): SeenChat[] {
  return rows.flatMap((row) => {
    const chat = parseChat(row, channel, reading);
    return typeof chat === 'string' ? [] : [{ chat, wireSeconds: toWire(chat.startedAt, reading.clock) }];
  });
}
