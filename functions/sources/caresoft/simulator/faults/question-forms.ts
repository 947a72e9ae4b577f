import { counted, type FaultForm, HONEST, numbered, ofParams, plain, WRONG } from './read-form.ts';

/** Filters of which a report without filters has no need, so that a server may do without them. */
const SPARE = ['chat_status', 'chat_type'] as const;
const NEEDED = ['conversation_type', 'groups', 'services', 'assignees', 'start_time'] as const;
const FILTERS = ['groups', 'services', 'assignees'] as const;

/** How a question is understood: its pages, its window, its filters, its count. */
export const QUESTION_FORMS: readonly FaultForm[] = [
  plain(HONEST, 'short-pages', 'every page holds fewer rows than asked; none is lost, there are more pages'),
  numbered(HONEST, 'cap:N', 'no page holds more than N rows', /^[1-9]\d*$/, (rows) => ({
    name: 'cap',
    rows,
  })),
  counted(
    HONEST,
    'rows-cap',
    'no row beyond the Nth is ever given for a question, pages beyond are empty, numFound counts all (honest from 500 on)',
  ),
  counted(HONEST, 'refuse-beyond', 'HTTP 500 where page × count is above N (honest from 500 on)'),
  plain(HONEST, 'last-page-again', 'a page past the end is the last page once more'),
  plain(HONEST, 'oldest-first', 'rows come in ascending start_time'),
  plain(
    HONEST,
    'ties',
    'rows of one second come by ascending id at the odd requests of a channel, by descending id at the even ones',
  ),
  plain(HONEST, 'ties-shuffled', 'rows of one second come in another drawn order at each request'),
  plain(HONEST, 'bounds-exclusive', 'rows at the very bounds of the window are left out'),
  plain(HONEST, 'seconds-dropped', 'the seconds of the bounds are dropped: 10:15:59 counts as 10:15:00'),
  plain(
    HONEST,
    'dates-only',
    'the times of day of the bounds are dropped: both dates are included from midnight to midnight',
  ),
  numbered(
    HONEST,
    'num-found-cap:N',
    'numFound never says more than N; all rows can be paged through',
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
  plain(WRONG, 'num-found-page', 'numFound is never above the count that was asked for'),
  counted(WRONG, 'num-found-is', 'numFound is N on each answer that holds a row'),
  ofParams(HONEST, 'ignore', SPARE, 'the parameter is not known to the server, which passes over it'),
  ofParams(
    WRONG,
    'ignore',
    NEEDED,
    'passed over as well: without conversation_type all is the busiest channel, without start_time any window is the same five days',
  ),
  ofParams(HONEST, 'reject', SPARE, 'HTTP 400 with a message where the parameter is sent'),
  ofParams(WRONG, 'reject', NEEDED, 'HTTP 400 where the parameter is sent'),
  ofParams(HONEST, 'refuse-words', SPARE, 'code "errors" with HTTP 200 where the parameter is sent'),
  ofParams(WRONG, 'refuse-words', NEEDED, 'code "errors" with HTTP 200 where the parameter is sent'),
  plain(HONEST, 'zero-unset', 'chat_status=0 and chat_type=0 are read as not set'),
  plain(
    WRONG,
    'last-id',
    `of several ${FILTERS.map((name) => `${name}[]`).join(', ')} the last alone counts`,
  ),
  plain(WRONG, 'status-inverted', 'chat_status=0 finds those who were met, chat_status=1 the missed'),
  plain(WRONG, 'channels-mixed', 'every channel is answered with the chats of all three'),
];
