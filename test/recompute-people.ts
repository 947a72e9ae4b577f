/** The part of the recomputation that is about who wrote: which chats are of one person, and what that person is called. */
import { createHash } from 'node:crypto';

/** What a chat says of who wrote it. */
export interface Writer {
  readonly customerId: string | null;
  /** As it came. */
  readonly phone: string | null;
  readonly email: string | null;
  readonly customerName: string | null;
  readonly channel: string;
  readonly conversationId: string;
}

/** A text as readers tell it from others. */
export function asRead(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cf}\p{Variation_Selector}\u3164]|\u034f/gu, '')
    .split(/[\s\u2800\p{Cc}]+/u)
    .filter((word) => word !== '')
    .join(' ')
    .normalize('NFC');
}

/** host + path as readers tell them apart. */
export function pageAsRead(page: string): string {
  const bytes = /(%[89A-F][0-9A-F]|%20)+/gi;
  return asRead(
    page.replace(bytes, (run) => {
      try {
        return decodeURIComponent(run);
      } catch {
        return run;
      }
    }),
  );
}

/** Digits only, with the leading 0 of the country's own way of writing. */
function normalizePhone(phone: string): string | null {
  const plain = phone.normalize('NFKC').replace(/[^0-9+]/g, '');
  const digits = plain.replaceAll('+', '');
  const isInternational =
    plain.startsWith('+84') || digits.startsWith('0084') || (digits.startsWith('84') && digits.length >= 11);
  let national = digits;
  if (isInternational) national = `0${digits.replace(/^(00)?84/, '').replace(/^0+/, '')}`;
  else if (digits.length === 9 && '35789'.includes(digits.charAt(0))) national = `0${digits}`;
  return national.length >= 7 && national.length <= 15 ? national : null;
}

function normalizeEmail(email: string): string | null {
  return /^[^\s@]+@[^\s@]+$/.test(email) ? email.toLowerCase() : null;
}

function isTyped(phone: string): boolean {
  const rest = phone.startsWith('0') ? phone.slice(1) : phone;
  return (
    phone.length < 9 ||
    '01234567890'.includes(phone) ||
    new Set(phone).size === 1 ||
    (rest !== '' && new Set(rest).size === 1)
  );
}

interface Named {
  readonly names: Set<string>;
  readonly contacts: Set<string>;
}

/** Who wrote: each token with the names and contacts that its chats tell. */
type Known = ReadonlyMap<string, Named>;
type Link = readonly [one: string, other: string];

/** Of each chat, which person wrote it and what the person is called. Both tell persons apart; the second is shown. */
export function whoIsWho(writers: readonly Writer[]): { person: string; key: string }[] {
  const tokens = writers.map(toToken);
  const known = learn(writers, tokens);
  const labels = labelPersons(known);
  const leading = new Map(
    [...Map.groupBy(known.keys(), (token) => labels.get(token) ?? token)].map(([label, own]) => [
      label,
      leader(own),
    ]),
  );
  const uses = [...leading.values()].map(contactOf).filter((contact) => contact !== null);
  return tokens.map((token) => {
    const person = labels.get(token) ?? token;
    return { person, key: keyOf(leading.get(person) ?? token, uses) };
  });
}

function learn(writers: readonly Writer[], tokens: readonly string[]): Known {
  const known = new Map<string, Named>();
  for (const [place, writer] of writers.entries()) {
    const token = tokens[place] ?? '';
    const of = known.get(token) ?? { names: new Set(), contacts: new Set() };
    known.set(token, of);
    const name = nameOf(writer);
    if (name !== '') of.names.add(name);
    const isErased = writer.customerId?.startsWith('erased-') ?? false;
    for (const contact of isErased ? [] : contactsOf(writer)) of.contacts.add(contact);
  }
  return known;
}

function labelPersons(known: Known): Map<string, string> {
  const tokens = [...known.keys()].sort();
  const namesOf = (token: string) => [...(known.get(token)?.names ?? [])];
  const groupsOf = (labels: Map<string, string>) =>
    Map.groupBy(tokens, (token) => labels.get(token) ?? token);
  const pairs = [...holders(known).values()].flatMap((sharing) => pairUp(sharing, namesOf));
  const loose = spread(tokens, pairs);
  const parted = new Set(
    [...groupsOf(loose)].filter(([, own]) => new Set(own.flatMap(namesOf)).size > 1).map(([label]) => label),
  );
  const isStrict = ([one, other]: Link) => namesOf(one).length === 1 && namesOf(other).length === 1;
  const labels = spread(
    tokens,
    pairs.filter((pair) => !parted.has(loose.get(pair[0]) ?? '') || isStrict(pair)),
  );
  const crowds = [...groupsOf(labels).values()].filter((own) => own.filter(isId).length > 4);
  for (const token of crowds.flat()) labels.set(token, token);
  return labels;
}

function holders(known: Known): Map<string, string[]> {
  const byContact = new Map<string, string[]>();
  for (const [token, { contacts }] of known) {
    for (const contact of contacts) byContact.set(contact, [...(byContact.get(contact) ?? []), token]);
  }
  return byContact;
}

/** Who of those with one contact agree, two by two; none where five ids or more do. */
function pairUp(sharing: readonly string[], namesOf: (token: string) => string[]): Link[] {
  const rest = sharing.filter((token) => namesOf(token).length < 2);
  const isOneName = new Set(sharing.flatMap(namesOf)).size < 2;
  const agree = (one: string, other: string) =>
    isOneName || (namesOf(one).length === 1 && namesOf(one)[0] === namesOf(other)[0]);
  const isCrowd = rest.some((one) => rest.filter((other) => agree(one, other) && isId(other)).length > 4);
  if (isCrowd) return [];
  return rest.flatMap((one) =>
    rest.filter((other) => one < other && agree(one, other)).map((other): Link => [one, other]),
  );
}

/** The least token that each is linked with, over however many. */
function spread(tokens: readonly string[], links: readonly Link[]): Map<string, string> {
  const labels = new Map(tokens.map((token) => [token, token]));
  for (let isMoving = true; isMoving; ) {
    isMoving = false;
    for (const [one, other] of links) {
      const [left = '', right = ''] = [labels.get(one), labels.get(other)];
      if (left === right) continue;
      isMoving = true;
      labels.set(one, left < right ? left : right).set(other, left < right ? left : right);
    }
  }
  return labels;
}

function keyOf(lead: string, uses: readonly string[]): string {
  const contact = contactOf(lead);
  if (contact === null) return lead.replace(/^chat:[a-z]+:/, 'chat:');
  const [kind = '', value = ''] = contact.split(/:(.*)/s);
  const isShared = uses.filter((one) => one === contact).length > 1;
  return `${kind}:${hash(value).slice(0, 16)}${isShared ? hash(lead).slice(0, 8) : ''}`;
}

function nameOf({ customerName }: Writer): string {
  return asRead(customerName ?? '')
    .toLowerCase()
    .normalize('NFC');
}

function toToken(writer: Writer): string {
  if (writer.customerId !== null) return `id:${writer.customerId}`;
  const [contact] = contactsOf(writer);
  if (contact === undefined) return `chat:${writer.channel}:${writer.conversationId}`;
  return `${contact}\n${nameOf(writer)}`;
}

/** The phone first. */
function contactsOf({ phone, email }: Writer): string[] {
  const number = normalizePhone(phone ?? '');
  const address = normalizeEmail(email ?? '');
  return [
    ...(number === null || isTyped(number) ? [] : [`phone:${number}`]),
    ...(address === null ? [] : [`email:${address}`]),
  ];
}

function isId(token: string): boolean {
  return token.startsWith('id:');
}

function contactOf(token: string): string | null {
  return /^(?:phone|email):/.test(token) ? token.slice(0, token.indexOf('\n')) : null;
}

/** What a person is called by: the least number among the ids, else the least phone, else the least e-mail. */
function leader(own: readonly string[]): string {
  const rank = (token: string) =>
    /^id:\d+$/.test(token) ? 0 : isId(token) ? 1 : token.startsWith('phone:') ? 2 : 3;
  const number = (token: string) => (rank(token) === 0 ? BigInt(token.slice(3)) : 0n);
  const isBefore = (one: string, other: string) => {
    if (rank(one) !== rank(other)) return rank(one) < rank(other);
    return number(one) === number(other) ? one < other : number(one) < number(other);
  };
  return own.reduce((least, token) => (isBefore(token, least) ? token : least));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
