import * as z from 'zod';
import type { ChatStatus } from './chat.ts';
import {
  type Field,
  readAgentEmail,
  readContact,
  readDurationText,
  readId,
  readMoment,
  readNameAsKey,
  readSeconds,
  readText,
  UNREADABLE,
} from './read-field.ts';

/**
 * What CareSoft is expected to answer, in one place: what comes is held against it, what differs is counted, `check`
 * tells of it, and the tables for analysts are made by it. After the vendor's page on chat history.
 */

/** Every answer says of itself whether it is one; "OK" on some of the vendor's pages, "ok" on others. */
export const envelopeSchema = z.looseObject({ code: z.string(), message: z.string().optional() });

/** A page of chats. The rows are not looked at here: one that is wrong must not cost the others. */
export const chatsSchema = z.object({ numFound: z.int().nonnegative(), chats: z.array(z.unknown()) });

export const directorySchemas = {
  agents: z.object({ agents: z.array(z.unknown()) }),
  groups: z.object({ groups: z.array(z.unknown()) }),
  services: z.object({ services: z.array(z.unknown()) }),
};

const TRIGGERS: ReadonlyMap<string, boolean> = new Map([
  ['LBL_CHAT_CUSTOMER_REQUEST_TRIGGER', true],
  ['LBL_CHAT_CUSTOMER_REQUEST_NORMAL', false],
]);

/** Whether the chat was begun by a trigger. */
function readTrigger(value: unknown): Field<boolean> {
  const text = readText(value);
  return typeof text === 'string' ? (TRIGGERS.get(text) ?? UNREADABLE) : text;
}

/** Every field of a row, and how it is read. */
export const CHAT_FIELDS = {
  ticket_id: readId,
  ticket_no: readId,
  customer_id: readId,
  service_id: readId,
  conversation_id: readId,
  facebook_page_id: readId,
  cus_email: readContact,
  cus_name: readText,
  cus_phone: readContact,
  agent_email: readAgentEmail,
  agent_name: readText,
  group_name: readNameAsKey,
  landing_page: readText,
  referrer: readText,
  chat_status: readText,
  start_time: readMoment,
  end_time: readMoment,
  ring_time: readMoment,
  meet_time: readMoment,
  waitTime: readDurationText,
  answer_time: readDurationText,
  chat_duration: readSeconds,
  is_trigger: readTrigger,
} as const satisfies Readonly<Record<string, (value: unknown) => Field<unknown>>>;

/** What a chat's status can be; any other is `other`. */
export const CHAT_STATUSES: ReadonlyMap<string, ChatStatus> = new Map([
  ['LBL_CHAT_STATUS_MEET', 'answered'],
  ['LBL_CHAT_STATUS_MISS', 'missed'],
]);
