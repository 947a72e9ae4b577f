import { BadParameter, type ChatsRequest } from './chats-request.ts';

const SECONDS_A_DAY = 86_400;
const USUAL_DAYS = 31;
const MOST_DAYS = 3_700;
/** No chat of ours lasts longer. */
const LONGEST_CHAT_SECONDS = 2 * SECONDS_A_DAY;

/** 9999-12-31 23:59:59: what comes after cannot be written with four digits of a year. */
const END_OF_TIME = 253_402_300_799;

/** The start times that a request is about, in seconds of the wire's clock. */
export interface Window {
  readonly since: number;
  readonly to: number;
}

/**
 * What CareSoft does without bounds is unknown. An account that was always there cannot be listed whole, so a
 * missing bound is taken from the ends asked for, else 31 days from the other one, else from now.
 */
export function windowOf(request: ChatsRequest, nowSeconds: number): Window {
  const { start, end } = request;
  const earliest = start.since ?? (end.since === null ? null : end.since - LONGEST_CHAT_SECONDS);
  const to = start.to ?? end.to ?? (earliest === null ? nowSeconds : earliest + USUAL_DAYS * SECONDS_A_DAY);
  const since = earliest ?? to - USUAL_DAYS * SECONDS_A_DAY;
  if (to - since > MOST_DAYS * SECONDS_A_DAY) throw new BadParameter('start_time_since too long ago');
  return { since, to: Math.min(to, END_OF_TIME) };
}
