import type { Chat } from '../chat/chat.ts';
import { isPlaceholder, normalizeEmail, normalizePhone } from '../chat/customer-identity.ts';

/**
 * Who may be one person with some customers: by an id, a phone or an e-mail of theirs, of those who have one of these, and
 * so on. By what `People` goes by, so that among those who are reached it joins as it would among all.
 */
export class PeopleReach {
  readonly #reached = new Set<string>();

  begin(chat: Chat): void {
    for (const mark of marksOf(chat)) this.#reached.add(mark);
  }

  /** Whether the chat is of one of them, as far as is known: then all that tells whose it is reaches others. */
  takes(chat: Chat): boolean {
    const marks = marksOf(chat);
    if (!marks.some((mark) => this.#reached.has(mark))) return false;
    for (const mark of marks) this.#reached.add(mark);
    return true;
  }

  get size(): number {
    return this.#reached.size;
  }
}

function marksOf({ customerId, customerPhone, customerEmail }: Chat): string[] {
  const phone = customerPhone === null ? null : normalizePhone(customerPhone);
  const email = customerEmail === null ? null : normalizeEmail(customerEmail);
  return [
    ...(customerId === null ? [] : [`id:${customerId}`]),
    ...(phone === null || isPlaceholder(phone) ? [] : [`phone:${phone}`]),
    ...(email === null ? [] : [`email:${email}`]),
  ];
}
