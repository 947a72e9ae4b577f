import { BadParameter, type ChatsRequest } from './chats-request.ts';

const SECONDS_A_DAY = 86_400;
const USUAL_DAYS = 31;
const MOST_DAYS = 3_700;
/** No simulated chat lasts longer. */
const LONGEST_CHAT_SECONDS = 2 * SECONDS_A_DAY;

/** 9999-12-31 23:59:59. A later time needs a year of five digits. */
const END_OF_TIME = 253_402_300_799;

/** The window of start times of a request, in seconds of the clock of the rows. */
export interface Window {
  readonly since: number;
  readonly to: number;
}

/**
 * It is unknown what CareSoft does without bounds. The simulated account has no first day.
 * So a missing bound comes from the requested ends, else it is 31 days from the other bound, else from now.
 */
export function windowOf(request: ChatsRequest, nowSeconds: number): Window {
  const { start, end } = request;
  const earliest = start.since ?? (end.since === null ? null : end.since - LONGEST_CHAT_SECONDS);
  const to = start.to ?? end.to ?? (earliest === null ? nowSeconds : earliest + USUAL_DAYS * SECONDS_A_DAY);
  const since = earliest ?? to - USUAL_DAYS * SECONDS_A_DAY;
  if (to - since > MOST_DAYS * SECONDS_A_DAY) throw new BadParameter('start_time_since too long ago');
  return { since, to: Math.min(to, END_OF_TIME) };
}
