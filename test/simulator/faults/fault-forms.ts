import { CHANNELS } from '../../../functions/chat/channel.ts';
import type { Break, Fault, FaultHelp, Often, PlainFault, Spoiling } from '../fault.ts';

/** A fault's help, and how its detail (what stands behind the colon; null without one) is read. */
interface FaultForm extends FaultHelp {
  readonly read: (detail: string | null) => Fault | null;
}

const BREAKS: readonly Break[] = ['error', 'drop', 'throttle', 'token', 'domain', 'ban'];

export const FORMS: readonly FaultForm[] = [
  {
    name: 'throttle',
    forms: ['throttle:some', 'throttle:many', 'throttle:forever'],
    meaning: '429 to every 7th request, to two of three among the first 30, or to all',
    read: (detail) => {
      const often = detail === 'many' ? detail : readOften(detail);
      return often && { name: 'throttle', often };
    },
  },
  numbered(
    'retry-after:SECONDS',
    '429 with a Retry-After header to the first request',
    /^\d+$/,
    (seconds) => ({
      name: 'retry-after',
      seconds,
    }),
  ),
  plain('ban', 'the first chats request is answered with the lockout, which then has to be waited out'),
  spoiling('error', 'HTTP 500 with an HTML body (some: every 4th chats request, from the 2nd on)'),
  spoiling('drop', 'the connection is destroyed before any answer (some: every 5th)'),
  spoiling('cut', 'the body ends half way (some: every 6th)'),
  spoiling('stall', 'headers come, then nothing (some: every 9th)'),
  spoiling('html', 'a maintenance page with HTTP 200 (some: every 8th)'),
  spoiling('code-errors', 'code "errors" with HTTP 200 (some: every 7th)'),
  plain('short-pages', 'every page holds fewer rows than asked; none is lost, there are more pages'),
  numbered('cap:N', 'no page holds more than N rows', /^[1-9]\d*$/, (rows) => ({ name: 'cap', rows })),
  plain('bounds-exclusive', 'rows at the very bounds of the window are left out'),
  plain('oldest-first', 'rows come in ascending start_time'),
  plain('utc', 'bounds and times of the rows are UTC; the chats and their instants stay the same'),
  {
    name: 'arriving',
    forms: ['arriving:N', 'arriving:forever'],
    meaning:
      'N rows of the asked day and channel arrive while it is walked, one after each request but the first',
    read: (detail) => {
      if (detail === 'forever') return { name: 'arriving', rows: Number.POSITIVE_INFINITY };
      return detail !== null && /^\d+$/.test(detail) ? { name: 'arriving', rows: Number(detail) } : null;
    },
  },
  {
    ...numbered('num-found:+N', 'numFound is N too high or too low', /^[+-]\d+$/, (by) => ({
      name: 'num-found',
      by,
    })),
    forms: ['num-found:+N', 'num-found:-N'],
  },
  numbered(
    'num-found-cap:N',
    'numFound never says more than N; all rows can be paged through',
    /^\d+$/,
    (rows) => ({
      name: 'num-found-cap',
      rows,
    }),
  ),
  {
    name: 'dead',
    forms: CHANNELS.map((channel) => `dead:${channel}`),
    meaning: 'that channel answers HTTP 500 for ever',
    read: (detail) => {
      const channel = CHANNELS.find((known) => known === detail);
      return channel ? { name: 'dead', channel } : null;
    },
  },
  {
    name: 'broken',
    forms: BREAKS.map((by) => `broken:${by}:N`),
    meaning: 'every request for chats from the Nth on gets HTTP 500, no answer, 429, 401, 404 or the lockout',
    read: (detail) => {
      const [, kind, from] = /^([a-z]+):([1-9]\d{0,8})$/.exec(detail ?? '') ?? [];
      const by = BREAKS.find((known) => known === kind);
      return by ? { name: 'broken', by, from: Number(from) } : null;
    },
  },
  plain('dead-agents', '/agents answers HTTP 500 for ever'),
  plain('dead-services', '/services answers HTTP 500 for ever'),
  plain('dead-groups', '/groups answers HTTP 500 for ever'),
  plain('repeat-ids', 'one row in a hundred stands twice, half of these with another content'),
  plain(
    'hostile',
    'wrong types, unknown statuses and fields, missing keys, impossible dates, huge ids, odd text',
  ),
  numbered('slow:MS', 'every answer waits that long', /^\d+$/, (waitMs) => ({ name: 'slow', waitMs })),
];

function plain(name: PlainFault, meaning: string): FaultForm {
  return { name, forms: [name], meaning, read: (detail) => (detail === null ? { name } : null) };
}

function spoiling(name: Spoiling, meaning: string): FaultForm {
  const read = (detail: string | null): Fault | null => {
    const often = readOften(detail);
    return often && { name, often };
  };
  return { name, forms: [`${name}:some`, `${name}:forever`], meaning, read };
}

function numbered(form: string, meaning: string, shape: RegExp, make: (value: number) => Fault): FaultForm {
  const read = (detail: string | null): Fault | null =>
    detail !== null && shape.test(detail) && Number.isSafeInteger(Number(detail))
      ? make(Number(detail))
      : null;
  return { name: make(0).name, forms: [form], meaning, read };
}

function readOften(detail: string | null): Often | null {
  return detail === 'some' || detail === 'forever' ? detail : null;
}
