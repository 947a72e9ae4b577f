import type { Param } from '../faults/params.ts';
import type { Quirks } from '../faults/quirks.ts';
import { BadParameter } from './chats-request.ts';
import type { Window } from './window.ts';

/** A request that is refused by a message, with HTTP 200. */
export class RefusedInWords extends Error {
  override readonly name = 'RefusedInWords';
}

const LISTS: readonly Param[] = ['groups', 'services', 'assignees'];
const ZERO_IS_UNSET: readonly Param[] = ['chat_status', 'chat_type'];
const SECONDS_A_DAY = 86_400;

/**
 * The parameters as a server with these quirks takes them.
 *
 * @throws BadParameter, RefusedInWords if the server does not know a parameter
 */
export function heeded(asked: URLSearchParams, { params, plain }: Readonly<Quirks>): URLSearchParams {
  const sentOf = (unknown: ReadonlySet<Param>): Param | undefined =>
    [...unknown].find((param) => isSent(asked, param));
  const rejected = sentOf(params.reject);
  if (rejected) throw new BadParameter(`${rejected} is not allowed`);
  const refused = sentOf(params['refuse-words']);
  if (refused) throw new RefusedInWords(`Tham số ${refused} không hợp lệ`);

  const taken = new URLSearchParams(asked);
  for (const param of params.ignore) {
    // The bounds are still read. The wrong window is chosen later, when the day is known.
    if (param !== 'start_time') remove(taken, param);
  }
  const unset = plain.has('zero-unset')
    ? ZERO_IS_UNSET.filter((param) => taken.getAll(param).at(-1) === '0')
    : [];
  for (const param of unset) taken.delete(param);
  const status = taken.get('chat_status');
  if (plain.has('status-inverted') && status !== null) taken.set('chat_status', status === '0' ? '1' : '0');
  if (plain.has('last-id')) for (const param of LISTS) keepLast(taken, param);
  return taken;
}

/** The window as such a server reads it. */
export function heededWindow({ since, to }: Window, { plain }: Readonly<Quirks>): Window {
  if (plain.has('dates-only')) {
    const until = to - modulo(to, SECONDS_A_DAY) + SECONDS_A_DAY - 1;
    return { since: since - modulo(since, SECONDS_A_DAY), to: until };
  }
  if (plain.has('seconds-dropped')) return { since: since - modulo(since, 60), to: to - modulo(to, 60) };
  return { since, to };
}

/** The names of a parameter: bounds are two parameters, and a list may have brackets. */
function namesOf(param: Param): readonly string[] {
  if (param === 'start_time') return ['start_time_since', 'start_time_to'];
  return LISTS.includes(param) ? [param, `${param}[]`] : [param];
}

function isSent(params: URLSearchParams, param: Param): boolean {
  return namesOf(param).some((name) => params.has(name));
}

function remove(params: URLSearchParams, param: Param): void {
  for (const name of namesOf(param)) params.delete(name);
}

function keepLast(params: URLSearchParams, param: Param): void {
  const names = namesOf(param);
  const last = [...params].filter(([name]) => names.includes(name)).at(-1);
  if (!last) return;
  remove(params, param);
  params.append(...last);
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
