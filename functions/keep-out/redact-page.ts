import type { Channel } from '../chat/channel.ts';
import {
  applyEdits,
  type ByteSpan,
  type Edit,
  literalsOf,
  type Member,
  membersBeside,
  rowMembers,
  rowSpans,
} from './json-spans.ts';
import type { KeepOut } from './keep-out.ts';
import { redactRow } from './redact-row.ts';
import { valuesIn } from './values-in-text.ts';

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
export function redactPage(body: Uint8Array, channel: Channel, keepOut: KeepOut): RedactedPage | null {
  const edits = redactEnvelope(body, keepOut);
  let erased = 0;
  const redact = (span: ByteSpan): boolean => {
    const ofRow = redactRow(body, span, channel, keepOut);
    if (ofRow.length > 0) erased += 1;
    // A row can have more members than a call has arguments.
    for (const edit of ofRow) edits.push(edit);
    return ofRow.length > 0;
  };
  for (const span of rowSpans(body, 'chats')) redact(span);
  const members = rowMembers(body, 'chats');
  const told = members.filter(({ name, value }) => {
    const isErased = redact(value);
    return keepOut.findAny(valuesIn(name)) !== null || (isErased && keepOut.find(`id:${name}`) !== null);
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
function redactEnvelope(body: Uint8Array, keepOut: KeepOut): Edit[] {
  const holds = (text: string) => keepOut.findAny(valuesIn(text)) !== null;
  return membersBeside(body, 'chats')
    .filter(({ name, value }) => !OF_EVERY_PAGE.has(name) && literalsOf(body, value).some(holds))
    .map(({ value }) => ({ span: value, json: 'null' }));
}
