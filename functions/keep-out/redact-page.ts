import type { Channel } from '../chat/channel.ts';
import { applyEdits, type Edit, rowSpans } from './json-spans.ts';
import type { KeepOut } from './keep-out.ts';
import { redactRow } from './redact-row.ts';

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
  const edits: Edit[] = [];
  let erased = 0;
  for (const span of rowSpans(body, 'chats')) {
    const ofRow = redactRow(body, span, channel, keepOut);
    if (ofRow.length > 0) erased += 1;
    edits.push(...ofRow);
  }
  return erased === 0 ? null : { body: applyEdits(body, edits), erased };
}
