import type { RowReading } from '../capture/slice.ts';
import type { Chat } from '../chat/chat.ts';
import { normalizePhone } from '../chat/customer-identity.ts';
import { isRecord } from '../chat/exact-json.ts';
import { parseChat } from '../chat/parse-chat.ts';
import { orNull, readMoment } from '../chat/read-field.ts';
import type { DayFacts } from '../measure/day-facts.ts';
import type { MissCause } from '../measure/summary.ts';
import type { Manifest } from '../storage/manifest.ts';
import { dayOf } from '../time/report-day.ts';
import type { Moment } from '../time/zone.ts';
import type { WireRow } from './wire-fields.ts';

/** Where a row lies in raw. */
export interface Place {
  readonly captureId: string;
  /** The number of the file that its answer is kept in, from 1. */
  readonly page: number;
  /** From 0. */
  readonly row: number;
}

/** What one row of the table `chats` is made of. */
export interface CuratedChat {
  readonly chat: Chat;
  readonly wire: WireRow;
  readonly rangAt: Moment | null;
  /** Of the person whom the report joined them to, as in the list of callbacks. */
  readonly customerKey: string;
  /** The same, but for a chat that stands for itself: its conversation id may stand on another channel too. */
  readonly customer: string;
  readonly phone: string | null;
  readonly missCause: MissCause | null;
  readonly isInBusinessHours: boolean | null;
  /** Whether the day is asked for no more. */
  readonly isFinal: boolean | null;
  readonly place: Place;
}

/** What the rows of a day's tables say of their chats beside what CareSoft's rows do. */
export interface CuratedDay extends DayFacts {
  /** Null where days are asked for once, or no report says it. */
  readonly isFinal: boolean | null;
}

/** @returns the chat of a row; null when it is none, or none of the day. */
export function readDaysChat(
  row: unknown,
  { day, channel }: Pick<Manifest, 'day' | 'channel'>,
  reading: RowReading,
): Chat | null {
  const chat = parseChat(row, channel, reading);
  return typeof chat === 'string' || dayOf(chat.startedAt) !== day ? null : chat;
}

/** @returns the same, with all that its row says beside what the figures need. */
export function readCuratedChat(
  row: unknown,
  manifest: Pick<Manifest, 'day' | 'channel'>,
  reading: RowReading,
  of: CuratedDay,
  place: Place,
): CuratedChat | null {
  const chat = readDaysChat(row, manifest, reading);
  if (chat === null || !isRecord(row)) return null;
  const rang = orNull(readMoment(row.ring_time));
  const { zone, clock } = reading;
  const rangAt = rang === null ? null : clock === 'utc' ? zone.fromEpoch(rang) : zone.fromWall(rang);
  const customer = of.personOf(chat);
  return {
    ...{ chat, wire: row, rangAt, customer, place },
    customerKey: customer.startsWith('chat:') ? `chat:${chat.conversationId}` : customer,
    phone: chat.customerPhone === null ? null : normalizePhone(chat.customerPhone),
    missCause: of.causeOf(chat),
    isInBusinessHours: of.isInBusinessHours(chat),
    isFinal: of.isFinal,
  };
}
