import { CHANNELS } from '../../../../chats/channel.ts';
import type { Break } from '../fault.ts';
import {
  counted,
  type FaultForm,
  HONEST,
  numbered,
  plain,
  readNumber,
  readOften,
  spoiling,
  WRONG,
} from './read-form.ts';

const BREAKS: readonly Break[] = ['error', 'drop', 'throttle', 'token', 'domain', 'ban'];

/** Faults of requests and answers on their way, and of the format of an answer. */
export const WIRE_FORMS: readonly FaultForm[] = [
  {
    ...WRONG,
    name: 'throttle',
    forms: ['throttle:some', 'throttle:many', 'throttle:forever'],
    meaning: 'HTTP 429 for every 7th request, for two of three among the first 30, or for all',
    read: (detail) => {
      const often = detail === 'many' ? detail : readOften(detail);
      return often && { name: 'throttle', often };
    },
  },
  numbered(
    WRONG,
    'retry-after:SECONDS',
    'HTTP 429 with a Retry-After header for the first request',
    /^\d+$/,
    (seconds) => ({ name: 'retry-after', seconds }),
  ),
  counted(
    HONEST,
    'limit',
    'HTTP 429 for more than N requests in a second (do not set CARESOFT_REQUESTS_PER_SECOND higher)',
  ),
  plain(
    WRONG,
    'ban',
    'the first chats request is answered with the lockout, and the client has to wait until it ends',
  ),
  spoiling('error', 'HTTP 500 with an HTML body (some: every 4th chats request, from the 2nd on)'),
  spoiling('drop', 'the connection is destroyed before any answer (some: every 5th)'),
  spoiling('cut', 'the body ends half way (some: every 6th)'),
  spoiling('stall', 'headers come, then nothing (some: every 9th)'),
  spoiling('html', 'a maintenance page with HTTP 200 (some: every 8th)'),
  spoiling('code-errors', 'code "errors" with HTTP 200 (some: every 7th)'),
  plain(
    WRONG,
    'empty-some',
    'every 5th chats request, from the 3rd on, is answered as if there were no chats',
  ),
  {
    ...WRONG,
    name: 'dead',
    forms: CHANNELS.map((channel) => `dead:${channel}`),
    meaning: 'that channel answers HTTP 500 for ever',
    read: (detail) => {
      const channel = CHANNELS.find((known) => known === detail);
      return channel ? { name: 'dead', channel } : null;
    },
  },
  {
    ...WRONG,
    name: 'broken',
    forms: BREAKS.map((by) => `broken:${by}:N`),
    meaning: 'every chats request from the Nth on gets HTTP 500, no answer, 429, 401, 404 or the lockout',
    read: (detail) => {
      const [, kind = '', from = ''] = /^([a-z]+):(.*)$/.exec(detail ?? '') ?? [];
      const by = BREAKS.find((known) => known === kind);
      const first = readNumber(from, /^[1-9]\d{0,8}$/);
      return by && first !== null ? { name: 'broken', by, from: first } : null;
    },
  },
  plain(WRONG, 'dead-agents', '/agents answers HTTP 500 for ever'),
  plain(WRONG, 'dead-services', '/services answers HTTP 500 for ever'),
  plain(WRONG, 'dead-groups', '/groups answers HTTP 500 for ever'),
  numbered(HONEST, 'slow:MS', 'every answer waits that many milliseconds', /^\d+$/, (waitMs) => ({
    name: 'slow',
    waitMs,
  })),
  plain(HONEST, 'numfound-text', 'numFound comes as text, "5" in place of 5'),
  plain(HONEST, 'chats-null', 'chats is null if numFound is 0'),
  plain(HONEST, 'chats-absent', 'the key chats is missing if numFound is 0'),
  plain(HONEST, 'chats-object', 'rows come as an object, {"0": row, "2": row, "4": row}, in place of a list'),
];
