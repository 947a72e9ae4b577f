import { hourOf } from '../calendar/day.ts';
import type { Moment } from '../calendar/time-zone.ts';
import { landingPageKey } from '../chats/landing-page.ts';
import { mapValues, TIMES, toColumnName } from '../metrics/measures.ts';
import { CHAT_FIELDS, orNull, readId } from '../sources/caresoft/fields.ts';
import { asItCame, type CuratedChat, readOtherFields, textOfValue } from './curated-chat.ts';
import { columnsOf, type Table } from './table.ts';

const { always, perhaps } = columnsOf<CuratedChat>();

const MICROS = 1_000_000n;

const instant = ({ epochSeconds }: Moment): bigint => BigInt(epochSeconds) * MICROS;
const wall = ({ wallSeconds }: Moment): bigint => BigInt(wallSeconds) * MICROS;

/** Applied to what there is; null stays null. */
function map<From, To>(value: From | null, to: (value: From) => To): To | null {
  return value === null ? null : to(value);
}

/** A moment of a chat, as an instant and as the account's people read it. */
function momentColumns(name: string, what: string, of: (source: CuratedChat) => Moment | null) {
  return [
    perhaps(`${name}_at`, 'timestamp-utc', `${what}. Null: no value, or none that can be read`, (source) =>
      map(of(source), instant),
    ),
    perhaps(`${name}_at_local`, 'timestamp-local', `The same, by the account's wall clock`, (source) =>
      map(of(source), wall),
    ),
  ];
}

/** A length of time as CareSoft sent it: the text, and the seconds that it says. */
function lengthColumns(
  name: string,
  field: string,
  what: string,
  of: (source: CuratedChat) => number | null,
) {
  return [
    perhaps(
      `${name}_text`,
      'string',
      `CareSoft's ${field} as it came, such as "" or 00:00:00; a number by its digits. Null: missing or null, or neither text nor a number`,
      ({ sourceRow }) => asItCame(sourceRow[field]),
    ),
    perhaps(
      `caresoft_${name}_seconds`,
      'int64',
      `${what}, as CareSoft counted it; 0 where it sent a zero, which on a missed chat means no value. Null: no value, or none that can be read`,
      (source) => map(of(source), BigInt),
    ),
  ];
}

/** What is said of a text or an id that may have none: CareSoft writes that in many ways. */
const NONE = 'Null: missing, null, empty, zero, or not to be read';

/** One row a chat. */
export const CHATS_TABLE: Table<CuratedChat> = {
  name: 'chats',
  comment: [
    'One row per chat of the day that the report counts: unique by channel and `conversation_id`, of several copies',
    'the one read last. Ordered by start. Text is without blanks at its ends; ids are text, because they may exceed',
    'what a number holds. A text of more than 65,536 characters is cut, and ends with `…`; an id or an agent’s address of',
    'more than 200 is cut too, and ends with `…` and 16 letters that tell it from others. Phone numbers and e-mail addresses are whole here, also where `CONTACTS` is `masked`.',
    'Of a day of which some channels could not be proven it has the others alone: `metrics` names both.',
    'Chats are of one person where their customer ids are the same, or where their phones or e-mails are and no names disagree, over all',
    'channels of the day, up to four ids (`docs/figures.md` has the rules); names, phones and ids stand as they came.',
  ].join(' '),
  partitions: [
    { name: 'dt', type: 'date', comment: "The day of the chat's start by the account's wall clock" },
    { name: 'channel', type: 'string', comment: 'livechat, messenger or zalo' },
  ],
  columns: [
    always(
      'conversation_id',
      'string',
      "CareSoft's id of the chat; unique within the channel",
      ({ chat }) => chat.conversationId,
    ),
    perhaps('ticket_id', 'string', `CareSoft's id of the ticket. ${NONE}`, ({ chat }) => chat.ticketId),
    perhaps(
      'ticket_no',
      'string',
      `The ticket's number as agents see it. ${NONE}`,
      ({ chat }) => chat.ticketNo,
    ),
    always(
      'customer',
      'string',
      "Tells persons apart within the day: count(DISTINCT customer) is the report's customers. The customer_key, with the channel where the chat stands for itself",
      ({ customer }) => customer,
    ),
    always(
      'customer_key',
      'string',
      'The key in the list of callbacks: the least id of the person (id:…), else phone:<hash>, email:<hash> or chat:<conversation_id>. <hash>: 16 hex digits of SHA-256 of customer_phone_normalized, or of the e-mail in lower case',
      ({ customerKey }) => customerKey,
    ),
    perhaps('customer_id', 'string', `CareSoft's id of the contact. ${NONE}`, ({ chat }) => chat.customerId),
    perhaps('customer_name', 'string', `Personal data. ${NONE}`, ({ sourceRow }) =>
      textOfValue(sourceRow.cus_name),
    ),
    perhaps(
      'customer_phone',
      'string',
      `Personal data, as it came. ${NONE}`,
      ({ chat }) => chat.customerPhone,
    ),
    perhaps(
      'customer_phone_normalized',
      'string',
      'Personal data. The same in digits, of Vietnam with one leading 0: equal for +84…, 0084…, 84… and a mobile number without its 0. Null: no customer_phone, or no number of 7 to 15 digits',
      ({ phone }) => phone,
    ),
    perhaps('customer_email', 'string', `Personal data. ${NONE}`, ({ chat }) => chat.customerEmail),
    perhaps(
      'service_id',
      'string',
      `Of the page or account that the customer wrote to. ${NONE}`,
      ({ chat }) => chat.serviceId,
    ),
    perhaps('facebook_page_id', 'string', `Of the Facebook page. ${NONE}`, ({ sourceRow }) =>
      orNull(readId(sourceRow.facebook_page_id)),
    ),
    perhaps('agent_email', 'string', `In lower case. ${NONE}`, ({ chat }) => chat.agentEmail),
    perhaps('agent_name', 'string', NONE, ({ sourceRow }) => textOfValue(sourceRow.agent_name)),
    perhaps('group_name', 'string', `The agent's group. ${NONE}`, ({ sourceRow }) =>
      textOfValue(sourceRow.group_name),
    ),
    always(
      'status',
      'string',
      'answered, missed, or other: any status that is not known',
      ({ chat }) => chat.status,
    ),
    perhaps(
      'status_text',
      'string',
      `CareSoft's chat_status as it came. Null: missing or null, or neither text nor a number`,
      ({ sourceRow }) => asItCame(sourceRow.chat_status),
    ),
    perhaps(
      'miss_cause',
      'string',
      'Why it was probably missed: outOfHours, agentsBusy, leftEarly or unknown, as the report counts it. Null: not missed, or there is no report of the day',
      ({ missCause }) => missCause,
    ),
    always('started_at', 'timestamp-utc', 'When the chat started', ({ chat }) => instant(chat.startedAt)),
    always('started_at_local', 'timestamp-local', `The same, by the account's wall clock`, ({ chat }) =>
      wall(chat.startedAt),
    ),
    perhaps(
      'in_business_hours',
      'boolean',
      'Whether it started within BUSINESS_HOURS. Null: none were set, or there is no report of the day',
      ({ isInBusinessHours }) => isInBusinessHours,
    ),
    ...momentColumns('rang', 'When it rang at an agent', ({ rangAt }) => rangAt),
    ...momentColumns('met', 'When an agent answered', ({ chat }) => chat.metAt),
    ...momentColumns('ended', 'When the chat ended', ({ chat }) => chat.endedAt),
    always('hour', 'int32', 'Of the start, 0 to 23, by the wall clock', ({ chat }) => hourOf(chat.startedAt)),
    ...lengthColumns('wait', 'waitTime', 'The wait', ({ chat }) => chat.waitSeconds),
    ...lengthColumns('answer', 'answer_time', 'From the answer to the end', ({ chat }) => chat.answerSeconds),
    ...lengthColumns(
      'duration',
      'chat_duration',
      'The whole chat with its wait',
      ({ chat }) => chat.durationSeconds,
    ),
    ...Object.values(
      mapValues(TIMES, ({ inTable, of }, id) =>
        perhaps(toColumnName(id), 'int64', inTable, ({ chat }) => map(of(chat), BigInt)),
      ),
    ),
    perhaps('is_trigger', 'boolean', `Whether a trigger began the chat. ${NONE}`, ({ sourceRow }) =>
      orNull(CHAT_FIELDS.is_trigger(sourceRow.is_trigger)),
    ),
    perhaps('landing_page', 'string', `The web page that the customer wrote from. ${NONE}`, ({ sourceRow }) =>
      textOfValue(sourceRow.landing_page),
    ),
    perhaps(
      'landing_page_key',
      'string',
      'Its host and path, by which the report divides; beyond 300 characters cut, with 16 letters that tell it from others. Null: no landing_page, or no web address',
      ({ chat }) => landingPageKey(chat.landingPage),
    ),
    perhaps('referrer', 'string', `The page before. ${NONE}`, ({ sourceRow }) =>
      textOfValue(sourceRow.referrer),
    ),
    perhaps(
      'is_final',
      'boolean',
      'Whether CareSoft is asked for the day no more; false: a later look may still change it. Null: days are asked for once, or there is no report of the day',
      ({ isFinal }) => isFinal,
    ),
    always('capture_id', 'string', 'The capture in raw that the row is of', ({ place }) => place.captureId),
    always('page', 'int32', 'The page of the capture, from 1', ({ place }) => place.page),
    always('row_on_page', 'int32', 'The row on that page, from 0', ({ place }) => place.row),
    perhaps(
      'other_fields',
      'json',
      'A JSON object of the fields that have no column, and of those whose value cannot be read as what they are. Cut beyond 32 levels; beyond 262,144 characters … says how many are left out. Null: none',
      ({ sourceRow }) => readOtherFields(sourceRow),
    ),
  ],
};
