/** In the template of a ticket's address: the place of its number. */
export const TICKET_MARK = '{ticket}';

/** What else comes as a number is none that CareSoft gave, and leads nowhere. */
const LINKED = /^[A-Za-z0-9_-]{1,40}$/;

/**
 * Where a ticket of CareSoft is opened.
 *
 * @param template an address with {@link TICKET_MARK} in it once
 * @returns null where there is no template, no number, or an odd one
 */
export function ticketUrl(template: string | null, ticketNo: string | null): string | null {
  if (template === null || ticketNo === null || !LINKED.test(ticketNo)) return null;
  // Each of these signs stands for itself in an address.
  return template.replace(TICKET_MARK, ticketNo);
}
