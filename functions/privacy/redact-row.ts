import type { Channel } from '../chats/channel.ts';
import { identifyContact, normalizePhoneAsBefore } from '../chats/customer-identity.ts';
import { type FieldRole, orNull, type RowDialect, UNREADABLE } from '../sources/row-dialect.ts';
import { parseExactJson, toComparableText } from '../text/json.ts';
import { toJsonText } from '../text/write-json.ts';
import {
  applyEdits,
  type ByteSpan,
  type Edit,
  isPlainText,
  literalsOf,
  type Member,
  membersOf,
  partsOf,
  textOf,
} from './json-edit.ts';
import { formsOf, type SuppressedValue, type SuppressionList } from './suppression-list.ts';

const CONTACT: ReadonlySet<FieldRole> = new Set(['customerName', 'customerPhone', 'customerEmail']);
/** The ticket goes. The chat's own id stays, so that it is the same chat whenever it comes. */
const EMPTIED: ReadonlySet<FieldRole> = new Set([...CONTACT, 'referrer', 'ticketId', 'ticketNo']);
const WEB_PAGES: ReadonlySet<FieldRole> = new Set(['landingPage', 'referrer']);
/** A shorter name is part of too many words, so it is not looked for in texts. */
const LEAST_NAME = 5;
/** A longer name is compared by its beginning. */
const MOST_NAME = 200;

type ContactRole = 'conversationId' | 'customerId' | 'customerPhone' | 'customerEmail';

/** A row, opened to find out whose it is. */
interface Row {
  readonly bytes: Uint8Array;
  readonly span: ByteSpan;
  readonly members: readonly Member[];
  readonly channel: Channel;
  readonly dialect: RowDialect;
  /** What the field of a role says. Of several members with one name the last counts. */
  read(role: ContactRole): string | null;
  /** The whole row as one text. Equal rows have equal texts. */
  content(): string;
  /** The names that the row gives its customer, in the form in which texts are compared. */
  names(): readonly string[];
}

/**
 * Removes people on the suppression list from a row. Their own rows get a pseudonym as the customer. Rows of other
 * customers lose the person's phone number, address or id. No count changes: rows that differ still differ, and each
 * time, status, agent, group and service stays.
 *
 * The result follows from the row and the list alone, so the same row always becomes the same.
 *
 * @returns the replacements. None: the row names no person on the list
 */
function redactRow(row: Row, suppressed: SuppressionList): Edit[] {
  const { customerId, ticketId } = row.dialect.fields;
  if (row.bytes[row.span.from] !== 0x7b) return redactNoObject(row, suppressed);
  const { customer, isTouched } = findCustomer(row, suppressed);
  const edits =
    customer === null
      ? row.members.flatMap((member) => redactOthers(member, isTouched, row, suppressed))
      : [
          ...row.members.flatMap((member) => redactOwn(member, row, suppressed)),
          ...put(row, customerId.name, customer),
        ];
  const hasNoId = row.read('conversationId') === null;
  if (edits.length === 0 || !hasNoId) return edits;
  // Its whole content identifies a row without an id, and now it has less content.
  const tickets = new Set(
    row.members.filter(({ name }) => name === ticketId.name).map(({ value }) => value.from),
  );
  const withoutTicket = edits.filter(({ span: { from } }) => !tickets.has(from));
  return [...withoutTicket, ...put(row, ticketId.name, suppressed.pseudonym(`row:${row.content()}`))];
}

function openRow(bytes: Uint8Array, span: ByteSpan, channel: Channel, dialect: RowDialect): Row {
  const members = membersOf(bytes, span.from);
  let names: readonly string[] | null = null;
  return {
    bytes,
    span,
    members,
    channel,
    dialect,
    read(role) {
      const field = dialect.fields[role];
      const member = members.findLast((one) => one.name === field?.name);
      return field === null ? null : orNull(field.read(member && parseAt(bytes, member.value)));
    },
    content: () => toComparableText(parseAt(bytes, span)),
    names() {
      names ??= members
        .filter(({ name }) => dialect.roles.get(name) === 'customerName')
        .flatMap(({ value }) => literalsOf(bytes, value))
        .map((text) => comparable(text.trim()).slice(0, MOST_NAME))
        .filter((name) => name.length >= LEAST_NAME);
      return names;
    },
  };
}

/** @returns the customer's pseudonym, null for a row of another customer; and whether the contact fields hold a value of the person */
function findCustomer(
  row: Row,
  suppressed: SuppressionList,
): { customer: string | null; isTouched: boolean } {
  const contact = {
    customerId: row.read('customerId'),
    customerPhone: row.read('customerPhone'),
    customerEmail: row.read('customerEmail'),
  };
  const identity = identifyContact(contact);
  const before = identifyContact(contact, normalizePhoneAsBefore);
  const theirs = suppressed.findAny([identity, before].filter((one) => one !== null));
  if (theirs) return { customer: theirs.customer, isTouched: true };
  const held = findContact(
    row.members
      .filter((member) => hasRole(member, row, CONTACT))
      .flatMap(({ value }) => literalsOf(row.bytes, value)),
    suppressed,
  );
  if (held === null) return { customer: null, isTouched: false };
  if (identity === null) {
    // The row identifies no customer, so it is counted as a customer of its own.
    const id = row.read('conversationId') ?? row.content();
    return { customer: suppressed.pseudonym(`chat:${row.channel}:${id}`), isTouched: true };
  }
  return { customer: held.given ? held.customer : null, isTouched: true };
}

/** Like `findAny`: a given value counts before the first one. */
function findContact(texts: readonly string[], suppressed: SuppressionList): SuppressedValue | null {
  const found = texts.map((text) => suppressed.findContact(text)).filter((value) => value !== null);
  return found.find(({ given }) => given) ?? found[0] ?? null;
}

/** Replaces all that may identify the person in a row of their own. */
function redactOwn(member: Member, row: Row, suppressed: SuppressionList): Edit[] {
  const { name, value } = member;
  const role = row.dialect.roles.get(name);
  const tells = (texts: readonly string[]) => texts.some((text) => tellsWho(text, row, suppressed));
  if (role === undefined) {
    const text = textOf(row.bytes, value);
    // An unknown field may say anything. Only true and false identify no person.
    const says = text === 'true' || text === 'false' ? [] : emptied(row, value);
    return tells([name]) ? [...says, markName(member, suppressed)] : says;
  }
  if (EMPTIED.has(role)) return emptied(row, value);
  if (role === 'landingPage') return redactAddress(value, row, suppressed);
  // It is replaced by the pseudonym elsewhere.
  if (role === 'customerId') return [];
  if (isUnreadable(role, row, value)) return tells(literalsOf(row.bytes, value)) ? emptied(row, value) : [];
  return role === 'conversationId' ? redactConversationId(value, row, suppressed) : [];
}

/** Replaces the person's values in a row of another customer. */
function redactOthers(member: Member, isTouched: boolean, row: Row, suppressed: SuppressionList): Edit[] {
  const { name, value } = member;
  const role = row.dialect.roles.get(name);
  if (role !== undefined && CONTACT.has(role)) return redactOthersContact(member, isTouched, row, suppressed);
  if (role === 'customerId') return redactOthersId(value, row, suppressed);
  const isLookedThrough = role === undefined || WEB_PAGES.has(role) || isUnreadable(role, row, value);
  // A readable value of another field is no contact, even where it looks like one.
  if (!isLookedThrough) return [];
  const says = holdsAny(row, value, suppressed) ? redactAddress(value, row, suppressed) : [];
  return role !== undefined || suppressed.findValue(name) === null
    ? says
    : [...says, markName(member, suppressed)];
}

function redactOthersContact(
  { name, value }: Member,
  isTouched: boolean,
  row: Row,
  suppressed: SuppressionList,
): Edit[] {
  const holds = literalsOf(row.bytes, value).some((one) => suppressed.findContact(one) !== null);
  // The name beside the person's number is likely theirs.
  return holds || (isTouched && row.dialect.roles.get(name) === 'customerName') ? emptied(row, value) : [];
}

/** Handles an id that does not count. A later member has the same name, or the id cannot be read. */
function redactOthersId(value: ByteSpan, row: Row, suppressed: SuppressionList): Edit[] {
  const texts = literalsOf(row.bytes, value);
  const isTheirs =
    texts.some((text) => suppressed.find(`id:${text.trim()}`)) || holdsAny(row, value, suppressed);
  return isTheirs ? [{ span: value, json: toJsonText(suppressed.pseudonym(textOf(row.bytes, value))) }] : [];
}

/** Reduces a web address so that it does not identify a person. Another text becomes null. */
function redactAddress(value: ByteSpan, row: Row, suppressed: SuppressionList): Edit[] {
  const page = withoutVisitor(parseAt(row.bytes, value), row, suppressed);
  return page === null ? emptied(row, value) : replaced(row, value, page);
}

/** A row that is no object is identified by its content. So it becomes a pseudonym that no other row has. */
function redactNoObject(row: Row, suppressed: SuppressionList): Edit[] {
  if (!holdsAny(row, row.span, suppressed)) return [];
  return [{ span: row.span, json: toJsonText(suppressed.pseudonym(`row:${row.content()}`)) }];
}

function markName({ name, nameSpan }: Member, suppressed: SuppressionList): Edit {
  return { span: nameSpan, json: toJsonText(suppressed.pseudonym(`field:${name}`)) };
}

function redactConversationId(value: ByteSpan, row: Row, suppressed: SuppressionList): Edit[] {
  if (!holdsAny(row, value, suppressed)) return [];
  const id = orNull(row.dialect.fields.conversationId.read(parseAt(row.bytes, value)));
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
  return literalsOf(bytes, span).some((text) => suppressed.findValue(text) !== null);
}

function hasRole({ name }: Member, { dialect }: Row, roles: ReadonlySet<FieldRole>): boolean {
  const role = dialect.roles.get(name);
  return role !== undefined && roles.has(role);
}

/** Whether a value cannot be read as what its field is. No figure uses such a value, and it may be any text. */
function isUnreadable(role: FieldRole, { bytes, dialect }: Row, span: ByteSpan): boolean {
  const value = parseAt(bytes, span);
  const field = dialect.fields[role];
  if (field === null) return false;
  if (role === 'status' && typeof value === 'string') {
    return dialect.statusWordOf({ [field.name]: value }) === 'other';
  }
  return field.read(value) === UNREADABLE;
}

/** Whether a text in a row of the person identifies them, by a value of theirs or by their name in the row. */
function tellsWho(text: string, row: Row, suppressed: SuppressionList): boolean {
  if (suppressed.findValue(text) !== null) return true;
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
 * Keeps host and path of a web page, because the report counts by them. A path that identifies the person goes too.
 *
 * @returns null for a text that is no web address, and for a host that identifies the person
 */
function withoutVisitor(page: unknown, row: Row, suppressed: SuppressionList): string | null {
  const url = typeof page === 'string' ? URL.parse(page.trim()) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return null;
  if (tellsWho(url.host, row, suppressed)) return null;
  return `${url.protocol}//${url.host}${tellsWho(url.pathname, row, suppressed) ? '/erased' : url.pathname}`;
}

const SMALL_INTEGER = /^-?\d{1,15}$/;

function parseAt(bytes: Uint8Array, span: ByteSpan): unknown {
  const text = textOf(bytes, span);
  // Most values are plain texts, and they need no parser.
  if (isPlainText(text)) return text.slice(1, -1);
  if (text === 'null') return null;
  if (SMALL_INTEGER.test(text)) return Number(text);
  // The parser finds a long number only behind another character, so the value stands in a list.
  const list = parseExactJson(`[${text}]`);
  return Array.isArray(list) ? list[0] : undefined;
}

/** A page as it may be kept. */
export interface RedactedPage {
  readonly body: Uint8Array;
  /** The number of rows that changed. */
  readonly erased: number;
}

/**
 * Removes people on the suppression list from a page of chats. Only their values are replaced. Every other byte stays as
 * it was received.
 *
 * @param body JSON
 * @returns null when the page can be kept as it is
 */
export function redactPage(
  body: Uint8Array,
  channel: Channel,
  suppressed: SuppressionList,
  dialect: RowDialect,
): RedactedPage | null {
  const { rows, keyed, beside } = partsOf(body, dialect.envelope.rows);
  const edits = redactEnvelope(body, beside, suppressed, dialect);
  let erased = 0;
  const redact = (span: ByteSpan): boolean => {
    const ofRow = redactRow(openRow(body, span, channel, dialect), suppressed);
    if (ofRow.length > 0) erased += 1;
    // A row can have more members than a function call can have arguments.
    for (const edit of ofRow) edits.push(edit);
    return ofRow.length > 0;
  };
  for (const span of rows) redact(span);
  const told = keyed.filter(({ name, value }) => {
    const isErased = redact(value);
    return suppressed.findValue(name) !== null || (isErased && suppressed.find(`id:${name}`) !== null);
  });
  if (told.length > 0) for (const edit of renumber(keyed)) edits.push(edit);
  return edits.length === 0 ? null : { body: applyEdits(body, edits), erased };
}

/** A key of the list may be the id of the person. Then the rows are numbered instead, in the same order. */
function renumber(members: readonly Member[]): Edit[] {
  const inOrder = [...new Set(members.map(({ name }) => name))].sort(
    (one, other) => Number(one) - Number(other),
  );
  const places = new Map(inOrder.map((name, place) => [name, place]));
  return members.map(({ name, nameSpan }) => ({ span: nameSpan, json: `"${places.get(name)}"` }));
}

/** Empties unknown members beside the rows that hold a value of the person. */
function redactEnvelope(
  body: Uint8Array,
  beside: readonly Member[],
  suppressed: SuppressionList,
  { envelope }: RowDialect,
): Edit[] {
  const holds = (text: string) => suppressed.findValue(text) !== null;
  return beside
    .filter(({ name, value }) => !envelope.plain.has(name) && literalsOf(body, value).some(holds))
    .map(({ value }) => ({ span: value, json: 'null' }));
}
