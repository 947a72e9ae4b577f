import type { Channel } from '../chats/channel.ts';
import { identifyContact, normalizePhoneAsBefore } from '../chats/customer-identity.ts';
import {
  CHAT_FIELDS,
  orNull,
  readContact,
  readId,
  STATUS_WORDS,
  UNREADABLE,
} from '../sources/caresoft/fields.ts';
import { parseExactJson, toComparableText, toJsonText } from '../text/json.ts';
import {
  applyEdits,
  type ByteSpan,
  type Edit,
  literalsOf,
  type Member,
  membersBeside,
  membersOf,
  rowMembers,
  rowSpans,
  textOf,
} from './json-edit.ts';
import { contactsIn, formsOf, type SuppressionList, valuesIn } from './suppression-list.ts';

const CONTACT_FIELDS: ReadonlySet<string> = new Set(['cus_name', 'cus_phone', 'cus_email']);
/** The chat's own id has to stay, so that it is the same chat whenever it comes; the ticket's need not. */
const EMPTIED: ReadonlySet<string> = new Set([...CONTACT_FIELDS, 'referrer', 'ticket_id', 'ticket_no']);
const WEB_FIELDS: ReadonlySet<string> = new Set(['landing_page', 'referrer']);
/** A name within another text has to be so long: a shorter one is part of too many words. */
const LEAST_NAME = 5;
/** What is called so for longer is known by its beginning. */
const MOST_NAME = 200;

/** What of a row tells whose it is. */
interface Row {
  readonly bytes: Uint8Array;
  readonly span: ByteSpan;
  readonly members: readonly Member[];
  readonly channel: Channel;
  /** Of several members with one name the last counts. */
  valueOf(name: string): unknown;
  /** The whole of it, the same for two rows that say the same. */
  content(): string;
  /** What it says that its customer is called, as texts are compared. */
  names(): readonly string[];
}

/**
 * Makes a row nobody's where it is of somebody who is kept out, and takes their telephone number, address or id out of
 * a row of somebody else. Nothing that is counted changes: the customer is told from others by another name, two rows
 * that differ still differ, and each time, status, agent, group and service stays.
 *
 * It asks nothing but the row and the list, so that the same row always becomes the same.
 *
 * @returns what is to be replaced; nothing where nobody is met who is kept out
 */
function redactRow(bytes: Uint8Array, span: ByteSpan, channel: Channel, suppressed: SuppressionList): Edit[] {
  const row = openRow(bytes, span, channel);
  if (bytes[span.from] !== 0x7b) return redactNoObject(row, suppressed);
  const { customer, isTouched } = findCustomer(row, suppressed);
  const edits =
    customer === null
      ? row.members.flatMap((member) => redactOthers(member, isTouched, row, suppressed))
      : [
          ...row.members.flatMap((member) => redactOwn(member, row, suppressed)),
          ...put(row, 'customer_id', customer),
        ];
  const hasNoId = orNull(readId(row.valueOf('conversation_id'))) === null;
  if (edits.length === 0 || !hasNoId) return edits;
  // Such a row is told from others by all that it says, and now it says less.
  const tickets = new Set(
    row.members.filter(({ name }) => name === 'ticket_id').map(({ value }) => value.from),
  );
  const withoutTicket = edits.filter(({ span: { from } }) => !tickets.has(from));
  return [...withoutTicket, ...put(row, 'ticket_id', suppressed.pseudonym(`row:${row.content()}`))];
}

function openRow(bytes: Uint8Array, span: ByteSpan, channel: Channel): Row {
  const members = membersOf(bytes, span.from);
  let names: readonly string[] | null = null;
  return {
    bytes,
    span,
    members,
    channel,
    valueOf(name) {
      const member = members.findLast((one) => one.name === name);
      return member && parseAt(bytes, member.value);
    },
    content: () => toComparableText(parseAt(bytes, span)),
    names() {
      names ??= members
        .filter(({ name }) => name === 'cus_name')
        .flatMap(({ value }) => literalsOf(bytes, value))
        .map((text) => comparable(text.trim()).slice(0, MOST_NAME))
        .filter((name) => name.length >= LEAST_NAME);
      return names;
    },
  };
}

/** @returns what is to stand for the customer, null where the row is somebody else's; and whether it holds a value of theirs as its own. */
function findCustomer(
  row: Row,
  suppressed: SuppressionList,
): { customer: string | null; isTouched: boolean } {
  const contact = {
    customerId: orNull(readId(row.valueOf('customer_id'))),
    customerPhone: orNull(readContact(row.valueOf('cus_phone'))),
    customerEmail: orNull(readContact(row.valueOf('cus_email'))),
  };
  const identity = identifyContact(contact);
  const before = identifyContact(contact, normalizePhoneAsBefore);
  const theirs = suppressed.findAny([identity, before].filter((one) => one !== null));
  if (theirs) return { customer: theirs.customer, isTouched: true };
  const held = suppressed.findAny(
    row.members
      .filter(({ name }) => CONTACT_FIELDS.has(name))
      .flatMap(({ value }) => literalsOf(row.bytes, value).flatMap((text) => [...contactsIn(text)])),
  );
  if (held === null) return { customer: null, isTouched: false };
  if (identity === null) {
    // Nobody's as far as can be read, and so counted as a customer of its own.
    const id = orNull(readId(row.valueOf('conversation_id'))) ?? row.content();
    return { customer: suppressed.pseudonym(`chat:${row.channel}:${id}`), isTouched: true };
  }
  return { customer: held.given ? held.customer : null, isTouched: true };
}

/** Of a row that is theirs: whatever may say who they are. */
function redactOwn(member: Member, row: Row, suppressed: SuppressionList): Edit[] {
  const { name, value } = member;
  const tells = (texts: readonly string[]) => texts.some((text) => tellsWho(text, row, suppressed));
  if (!isKnown(name)) {
    const text = textOf(row.bytes, value);
    // Nobody knows what it means; whether something is so or not says of nobody who they are.
    const says = text === 'true' || text === 'false' ? [] : emptied(row, value);
    return tells([name]) ? [...says, markName(member, suppressed)] : says;
  }
  if (EMPTIED.has(name)) return emptied(row, value);
  if (name === 'landing_page') return redactAddress(value, row, suppressed);
  // They get another.
  if (name === 'customer_id') return [];
  if (isUnreadable(name, row, value)) return tells(literalsOf(row.bytes, value)) ? emptied(row, value) : [];
  return name === 'conversation_id' ? redactConversationId(value, row, suppressed) : [];
}

/** Of a row that is somebody else's: what of it is a value of who is kept out. */
function redactOthers(member: Member, isTouched: boolean, row: Row, suppressed: SuppressionList): Edit[] {
  const { name, value } = member;
  if (CONTACT_FIELDS.has(name)) return redactOthersContact(member, isTouched, row, suppressed);
  if (name === 'customer_id') return redactOthersId(value, row, suppressed);
  const isLookedThrough = WEB_FIELDS.has(name) || !isKnown(name) || isUnreadable(name, row, value);
  // What can be read of the rest is no contact, and looks like one by chance.
  if (!isLookedThrough) return [];
  const says = holdsAny(row, value, suppressed) ? redactAddress(value, row, suppressed) : [];
  return isKnown(name) || suppressed.findAny(valuesIn(name)) === null
    ? says
    : [...says, markName(member, suppressed)];
}

function redactOthersContact(
  { name, value }: Member,
  isTouched: boolean,
  row: Row,
  suppressed: SuppressionList,
): Edit[] {
  const holds = literalsOf(row.bytes, value).some((one) => suppressed.findAny(contactsIn(one)) !== null);
  // Beside their number stands what they are called.
  return holds || (name === 'cus_name' && isTouched) ? emptied(row, value) : [];
}

/** An id that does not count, because another member with its name comes later, or because it is none that can be read. */
function redactOthersId(value: ByteSpan, row: Row, suppressed: SuppressionList): Edit[] {
  const texts = literalsOf(row.bytes, value);
  const isTheirs =
    texts.some((text) => suppressed.find(`id:${text.trim()}`)) || holdsAny(row, value, suppressed);
  return isTheirs ? [{ span: value, json: toJsonText(suppressed.pseudonym(textOf(row.bytes, value))) }] : [];
}

/** A web address without what says who came; null in place of anything else. */
function redactAddress(value: ByteSpan, row: Row, suppressed: SuppressionList): Edit[] {
  const page = withoutVisitor(parseAt(row.bytes, value), row, suppressed);
  return page === null ? emptied(row, value) : replaced(row, value, page);
}

/** A row that is no object is known by what it says, so it has to say something else, and not the same as another. */
function redactNoObject(row: Row, suppressed: SuppressionList): Edit[] {
  if (!holdsAny(row, row.span, suppressed)) return [];
  return [{ span: row.span, json: toJsonText(suppressed.pseudonym(`row:${row.content()}`)) }];
}

function markName({ name, nameSpan }: Member, suppressed: SuppressionList): Edit {
  return { span: nameSpan, json: toJsonText(suppressed.pseudonym(`field:${name}`)) };
}

function redactConversationId(value: ByteSpan, row: Row, suppressed: SuppressionList): Edit[] {
  if (!holdsAny(row, value, suppressed)) return [];
  const id = orNull(readId(parseAt(row.bytes, value)));
  return id === null ? [] : replaced(row, value, suppressed.pseudonym(`conversation:${row.channel}:${id}`));
}

function emptied({ bytes }: Row, span: ByteSpan): Edit[] {
  const text = textOf(bytes, span);
  return text === 'null' || text === '""' ? [] : [{ span, json: 'null' }];
}

function replaced({ bytes }: Row, span: ByteSpan, text: string): Edit[] {
  const json = toJsonText(text);
  return json === textOf(bytes, span) ? [] : [{ span, json }];
}

/** The member's value, each time it stands there; a new member where there is none. */
function put(row: Row, name: string, text: string): Edit[] {
  const there = row.members.filter((member) => member.name === name);
  const start = row.span.from + 1;
  const json = `${toJsonText(name)}:${toJsonText(text)}${row.members.length > 0 ? ',' : ''}`;
  if (there.length === 0) return [{ span: { from: start, to: start }, json }];
  return there.flatMap(({ value }) => replaced(row, value, text));
}

function holdsAny({ bytes }: Row, span: ByteSpan, suppressed: SuppressionList): boolean {
  return literalsOf(bytes, span).some((text) => suppressed.findAny(valuesIn(text)) !== null);
}

function isKnown(name: string): name is keyof typeof CHAT_FIELDS {
  return Object.hasOwn(CHAT_FIELDS, name);
}

/** Whether what stands there is not what the field is: nothing is counted by it, and it may be any text of a stranger. */
function isUnreadable(name: keyof typeof CHAT_FIELDS, { bytes }: Row, span: ByteSpan): boolean {
  const value = parseAt(bytes, span);
  if (name === 'chat_status' && typeof value === 'string') return !STATUS_WORDS.has(value.trim());
  return CHAT_FIELDS[name](value) === UNREADABLE;
}

/** Whether a text of a row that is theirs says so: by a value of theirs, or by what the row says that they are called. */
function tellsWho(text: string, row: Row, suppressed: SuppressionList): boolean {
  if (suppressed.findAny(valuesIn(text)) !== null) return true;
  const names = row.names();
  return names.length > 0 && formsOf(text).some((form) => includesAny(comparable(form), names));
}

function includesAny(text: string, names: readonly string[]): boolean {
  return names.some((name) => text.includes(name));
}

function comparable(text: string): string {
  return text.toLowerCase().normalize();
}

/**
 * A web page by its host and path, which is what the report counts by; the path too is gone where it says who came.
 *
 * @returns null for what is no web address, and for a host that says who came
 */
function withoutVisitor(page: unknown, row: Row, suppressed: SuppressionList): string | null {
  const url = typeof page === 'string' ? URL.parse(page.trim()) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return null;
  if (tellsWho(url.host, row, suppressed)) return null;
  return `${url.protocol}//${url.host}${tellsWho(url.pathname, row, suppressed) ? '/erased' : url.pathname}`;
}

function parseAt(bytes: Uint8Array, span: ByteSpan): unknown {
  const text = textOf(bytes, span);
  // Most are texts that mean what they say, and there are many.
  if (text.startsWith('"') && !text.includes('\\')) return text.slice(1, -1);
  // In a list, because a long number is looked for behind something.
  const list = parseExactJson(`[${text}]`);
  return Array.isArray(list) ? list[0] : undefined;
}

/** They say nothing of a person; a count can only look like an id. */
const OF_EVERY_PAGE: ReadonlySet<string> = new Set(['code', 'numFound']);

/** A page as it may be kept. */
export interface RedactedPage {
  readonly body: Uint8Array;
  /** How many of its rows are not as they were received. */
  readonly erased: number;
}

/**
 * A page of chats without those who are kept out. Only their values are written anew, in their places: every other byte
 * is as it was received.
 *
 * @param body JSON
 * @returns null where the page can be kept as it is
 */
export function redactPage(
  body: Uint8Array,
  channel: Channel,
  suppressed: SuppressionList,
): RedactedPage | null {
  const edits = redactEnvelope(body, suppressed);
  let erased = 0;
  const redact = (span: ByteSpan): boolean => {
    const ofRow = redactRow(body, span, channel, suppressed);
    if (ofRow.length > 0) erased += 1;
    // A row can have more members than a call has arguments.
    for (const edit of ofRow) edits.push(edit);
    return ofRow.length > 0;
  };
  for (const span of rowSpans(body, 'chats')) redact(span);
  const members = rowMembers(body, 'chats');
  const told = members.filter(({ name, value }) => {
    const isErased = redact(value);
    return (
      suppressed.findAny(valuesIn(name)) !== null || (isErased && suppressed.find(`id:${name}`) !== null)
    );
  });
  if (told.length > 0) for (const edit of renumber(members)) edits.push(edit);
  return edits.length === 0 ? null : { body: applyEdits(body, edits), erased };
}

/** A key may be the id of who is kept out. The rows are counted in its place, and stay in their order. */
function renumber(members: readonly Member[]): Edit[] {
  const inOrder = [...new Set(members.map(({ name }) => name))].sort(
    (one, other) => Number(one) - Number(other),
  );
  const places = new Map(inOrder.map((name, place) => [name, place]));
  return members.map(({ name, nameSpan }) => ({ span: nameSpan, json: `"${places.get(name)}"` }));
}

/** What nobody knows of stands beside the rows, or another list that does not count. */
function redactEnvelope(body: Uint8Array, suppressed: SuppressionList): Edit[] {
  const holds = (text: string) => suppressed.findAny(valuesIn(text)) !== null;
  return membersBeside(body, 'chats')
    .filter(({ name, value }) => !OF_EVERY_PAGE.has(name) && literalsOf(body, value).some(holds))
    .map(({ value }) => ({ span: value, json: 'null' }));
}
