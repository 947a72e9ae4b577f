import type { Spoiling } from '../fault.ts';
import type { Quirks } from '../faults/quirks.ts';
import { type Answer, html, json, refusal } from './answer.ts';

/** `some` hits the second request, and then every Nth one. So even a short read meets a hit. */
const EVERY: Readonly<Record<Spoiling, number>> = {
  error: 4,
  drop: 5,
  cut: 6,
  'code-errors': 7,
  html: 8,
  stall: 9,
};
const FROM = 2;

const EMPTY = { every: 5, from: 3 };
const NO_CHATS = '{"code":"OK","numFound":0,"chats":[]}';

/** @param number the number of the request for chats, from 1 */
export function spoil(quirks: Readonly<Quirks>, number: number, good: () => Answer): Answer {
  const hit = quirks.spoiling.find(({ name, often }) => often === 'forever' || number % EVERY[name] === FROM);
  if (hit) return spoiled(hit.name, good);
  const isEmpty = quirks.plain.has('empty-some') && number % EMPTY.every === EMPTY.from;
  return isEmpty ? json(NO_CHATS) : good();
}

function spoiled(name: Spoiling, good: () => Answer): Answer {
  switch (name) {
    case 'error':
      return html(500, '500 Internal Server Error');
    case 'html':
      return html(200, 'Hệ thống đang bảo trì');
    case 'code-errors':
      return refusal(200, 'Hệ thống đang bận, vui lòng thử lại sau');
    case 'drop':
    case 'stall':
      return { kind: name };
    case 'cut': {
      const answer = good();
      return 'body' in answer ? { ...answer, kind: 'cut' } : answer;
    }
  }
}

/** @param number of the request of any kind, from 1. */
export function isThrottled(quirks: Readonly<Quirks>, number: number): boolean {
  if (quirks.retryAfterSeconds !== null && number === 1) return true;
  switch (quirks.throttle) {
    case null:
      return false;
    case 'some':
      return number % 7 === 0;
    case 'many':
      return number <= 30 && number % 3 !== 0;
    case 'forever':
      return true;
  }
}
