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

/** What befalls requests and answers on their way, and how an answer is written. */
export const WIRE_FORMS: readonly FaultForm[] = [
  {
    ...WRONG,
    name: 'throttle',
    forms: ['throttle:some', 'throttle:many', 'throttle:forever'],
    meaning: '429 to every 7th request, to two of three among the first 30, or to all',
    read: (detail) => {
      const often = detail === 'many' ? detail : readOften(detail);
      return often && { name: 'throttle', often };
    },
  },
  numbered(
    WRONG,
    'retry-after:SECONDS',
    '429 with a Retry-After header to the first request',
    /^\d+$/,
    (seconds) => ({ name: 'retry-after', seconds }),
  ),
  counted(
    HONEST,
    'limit',
    '429 to what goes beyond N requests in a second (keep CARESOFT_REQUESTS_PER_SECOND to it)',
  ),
  plain(
    WRONG,
    'ban',
    'the first chats request is answered with the lockout, which then has to be waited out',
  ),
  spoiling('error', 'HTTP 500 with an HTML body (some: every 4th chats request, from the 2nd on)'),
  spoiling('drop', 'the connection is destroyed before any answer (some: every 5th)'),
  spoiling('cut', 'the body ends half way (some: every 6th)'),
  spoiling('stall', 'headers come, then nothing (some: every 9th)'),
  spoiling('html', 'a maintenance page with HTTP 200 (some: every 8th)'),
  spoiling('code-errors', 'code "errors" with HTTP 200 (some: every 7th)'),
  plain(WRONG, 'empty-some', 'every 5th chats request, from the 3rd on, is answered as if there were none'),
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
    meaning: 'every request for chats from the Nth on gets HTTP 500, no answer, 429, 401, 404 or the lockout',
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
  numbered(HONEST, 'slow:MS', 'every answer waits that long', /^\d+$/, (waitMs) => ({
    name: 'slow',
    waitMs,
  })),
  plain(HONEST, 'numfound-text', 'numFound comes as text, "5" in place of 5'),
  plain(HONEST, 'chats-null', 'chats is null where numFound is 0'),
  plain(HONEST, 'chats-absent', 'the key chats is missing where numFound is 0'),
  plain(HONEST, 'chats-object', 'rows come as an object, {"0": row, "2": row, "4": row}, in place of a list'),
];
