import type { Moment } from '../calendar/time-zone.ts';
import type { Channel } from './channel.ts';

/** `other` is any status that CareSoft may add: visible in every figure, never guessed into one of the two. */
export const CHAT_STATUSES = ['answered', 'missed', 'other'] as const;
export type ChatStatus = (typeof CHAT_STATUSES)[number];

/**
 * One chat session of one channel, in our words. `null` is *no value*; it never stands for zero.
 * Ids are text, because CareSoft's can exceed what a number holds.
 */
export interface Chat {
  readonly channel: Channel;
  /** Unique within the channel. */
  readonly conversationId: string;
  /** Of its ticket; another than the number. */
  readonly ticketId: string | null;
  /** As agents see it. */
  readonly ticketNo: string | null;
  readonly customerId: string | null;
  readonly customerName: string | null;
  readonly customerPhone: string | null;
  readonly customerEmail: string | null;
  readonly status: ChatStatus;
  readonly startedAt: Moment;
  readonly metAt: Moment | null;
  readonly endedAt: Moment | null;
  /** Whole seconds, at least 0, as CareSoft counted them. */
  readonly waitSeconds: number | null;
  readonly answerSeconds: number | null;
  /** Includes the wait. */
  readonly durationSeconds: number | null;
  readonly agentEmail: string | null;
  readonly agentName: string | null;
  readonly groupName: string | null;
  readonly serviceId: string | null;
  readonly landingPage: string | null;
}
