import { counted, type FaultForm, HONEST, numbered, ofParams, plain, WRONG } from './read-form.ts';

/** Filters that a report without filters does not need. A server may ignore them. */
const SPARE = ['chat_status', 'chat_type'] as const;
const NEEDED = ['conversation_type', 'groups', 'services', 'assignees', 'start_time'] as const;
const FILTERS = ['groups', 'services', 'assignees'] as const;

/** Faults in how a request is read: its pages, its window, its filters, its count. */
export const QUESTION_FORMS: readonly FaultForm[] = [
  plain(
    HONEST,
    'short-pages',
    'every page holds fewer rows than requested; no row is lost, there are more pages',
  ),
  numbered(HONEST, 'cap:N', 'no page holds more than N rows', /^[1-9]\d*$/, (rows) => ({
    name: 'cap',
    rows,
  })),
  counted(
    HONEST,
    'rows-cap',
    'no request gets rows beyond the Nth, pages beyond are empty, numFound counts all (honest from 500 on)',
  ),
  counted(HONEST, 'refuse-beyond', 'HTTP 500 if page × count is above N (honest from 500 on)'),
  plain(HONEST, 'last-page-again', 'a page beyond the end is the last page again'),
  plain(HONEST, 'oldest-first', 'rows come in ascending start_time'),
  plain(
    HONEST,
    'ties',
    'rows of one second come by ascending id in the odd requests of a channel, by descending id in the even ones',
  ),
  plain(HONEST, 'ties-shuffled', 'rows of one second come in a different random order in each request'),
  plain(HONEST, 'bounds-exclusive', 'rows at the bounds of the window are left out'),
  plain(HONEST, 'seconds-dropped', 'the seconds of the bounds are dropped: 10:15:59 counts as 10:15:00'),
  plain(
    HONEST,
    'dates-only',
    'the times of day of the bounds are dropped: both dates are included from midnight to midnight',
  ),
  numbered(
    HONEST,
    'num-found-cap:N',
    'numFound is never more than N; pages reach all rows',
    /^\d+$/,
    (rows) => ({ name: 'num-found-cap', rows }),
  ),
  {
    ...numbered(WRONG, 'num-found:+N', 'numFound is N too high or too low', /^[+-]\d+$/, (by) => ({
      name: 'num-found',
      by,
    })),
    forms: ['num-found:+N', 'num-found:-N'],
  },
  plain(WRONG, 'num-found-page', 'numFound is never above the requested count'),
  counted(WRONG, 'num-found-is', 'numFound is N on each answer that holds a row'),
  ofParams(HONEST, 'ignore', SPARE, 'the server does not know the parameter, and ignores it'),
  ofParams(
    WRONG,
    'ignore',
    NEEDED,
    'the server ignores it too: without conversation_type it gives the busiest channel, without start_time always the same five days',
  ),
  ofParams(HONEST, 'reject', SPARE, 'HTTP 400 with a message if the parameter is sent'),
  ofParams(WRONG, 'reject', NEEDED, 'HTTP 400 if the parameter is sent'),
  ofParams(HONEST, 'refuse-words', SPARE, 'code "errors" with HTTP 200 where the parameter is sent'),
  ofParams(WRONG, 'refuse-words', NEEDED, 'code "errors" with HTTP 200 where the parameter is sent'),
  plain(HONEST, 'zero-unset', 'chat_status=0 and chat_type=0 are read as not set'),
  plain(WRONG, 'last-id', `of several ${FILTERS.map((name) => `${name}[]`).join(', ')} only the last counts`),
  plain(WRONG, 'status-inverted', 'chat_status=0 finds met chats, chat_status=1 finds missed chats'),
  plain(WRONG, 'channels-mixed', 'every channel is answered with the chats of all three'),
];
