import * as z from 'zod';
import type { ChatStatus } from './chat.ts';
import { isRecord } from './exact-json.ts';
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

/**
 * Every answer says of itself whether it is one; "OK" on some of the vendor's pages, "ok" on others. A message that is no
 * text says nothing.
 */
export const envelopeSchema = z.looseObject({
  code: z.string(),
  message: z.string().optional().catch(undefined),
});

/** A count, as a number or in digits: PHP writes what a database counted as either. */
const countSchema = z.union([
  z.int().nonnegative(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

/**
 * A page of chats. The rows are not looked at here: one that is wrong must not cost the others. What is kept of an
 * answer is read by the same rules again.
 */
export const chatsSchema = z
  .object({ numFound: countSchema, chats: z.unknown().optional() })
  .transform(({ numFound, chats }, context) => {
    const rows = readList(chats, numFound);
    if (rows === null) context.addIssue({ code: 'custom', path: ['chats'] });
    return { numFound, chats: rows ?? z.NEVER };
  });

export const directorySchemas = {
  agents: directorySchema('agents'),
  groups: directorySchema('groups'),
  services: directorySchema('services'),
};

/** A list of names by the name of the list. */
function directorySchema(name: string) {
  return z.looseObject({ numFound: countSchema.optional().catch(undefined) }).transform((answer, context) => {
    const rows = readList(answer[name], answer.numFound);
    if (rows === null) context.addIssue({ code: 'custom', path: [name] });
    return rows ?? z.NEVER;
  });
}

/**
 * PHP writes a list from which it took some as an object, its keys the places that are left; and none at all as null, or
 * not, where none is counted.
 *
 * @returns null where it can be read in more than one way, or in none
 */
function readList(list: unknown, counted: number | undefined): readonly unknown[] | null {
  if (Array.isArray(list)) return list;
  if (list === null || list === undefined) return counted === 0 ? [] : null;
  if (!isRecord(list)) return null;
  const places = Object.keys(list);
  if (!places.every(isPlace)) return null;
  return places.toSorted((one, other) => Number(one) - Number(other)).map((place) => list[place]);
}

/** Whole numbers as they are written, so that no two keys are one place. */
function isPlace(key: string): boolean {
  return /^(?:0|[1-9]\d{0,14})$/.test(key);
}

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
export const STATUS_WORDS: ReadonlyMap<string, ChatStatus> = new Map([
  ['LBL_CHAT_STATUS_MEET', 'answered'],
  ['LBL_CHAT_STATUS_MISS', 'missed'],
]);
