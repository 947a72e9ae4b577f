/** Where links of a report lead its reader; null for what is not linked. */
export interface ReaderLinks {
  /** To a ticket in CareSoft: a template, as `ticketUrl` takes it. */
  readonly ticket: string | null;
  /** To the pages: the address below which `/days/<day>` is, without a slash at its end. */
  readonly pages: string | null;
}

/** Of a form that lies in the lake: it is the same whatever the links are. */
export const NO_LINKS: ReaderLinks = { ticket: null, pages: null };
