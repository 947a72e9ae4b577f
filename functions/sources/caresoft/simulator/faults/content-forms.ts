import { counted, type FaultForm, HONEST, plain, readNumber, WRONG } from './read-form.ts';

/** What the account holds, and whether that changes while it is read. */
export const CONTENT_FORMS: readonly FaultForm[] = [
  plain(HONEST, 'utc', 'bounds and times of the rows are UTC; the chats and their instants stay the same'),
  plain(HONEST, 'channel-ids', 'each channel numbers its ids separately, so they overlap'),
  plain(HONEST, 'renamed-groups', 'groups have other names in /groups and /agents than on the rows'),
  plain(HONEST, 'agents-left', 'nearly all agents of the rows have left, and are no longer in /agents'),
  plain(
    HONEST,
    'renamed-status',
    'the word for missed is LBL_CHAT_STATUS_MISSED; chat_status still finds missed chats',
  ),
  counted(HONEST, 'third-status', 'each Nth row has a third status, which no chat_status finds'),
  counted(
    HONEST,
    'no-status',
    'each Nth row is still open: without a status or an end, and no chat_status finds it',
  ),
  counted(HONEST, 'no-times', 'each Nth row has no start_time; it is given for the window of its place'),
  counted(
    HONEST,
    'no-times-everywhere',
    'each Nth row has no start_time, and is given for every window of its day',
  ),
  counted(
    HONEST,
    'busy-second',
    'N chats of the busiest channel begin in one second in the middle of the day (beyond 499 the day may be unproven)',
  ),
  counted(
    HONEST,
    'last-second-busy',
    'N chats of the busiest channel begin in the last second of each day (beyond 499 the day may be unproven)',
  ),
  plain(
    HONEST,
    'copies',
    'one chat in twenty is handed on: it has a second row with its id, a later start and another status',
  ),
  plain(HONEST, 'repeat-ids', 'one row in a hundred comes twice, half of them with other content'),
  counted(WRONG, 'odd-times', 'each Nth row writes its start in an unreadable form'),
  plain(
    WRONG,
    'hostile',
    'wrong types, unknown statuses and fields, missing keys, impossible dates, huge ids, odd text',
  ),
  {
    ...WRONG,
    name: 'arriving',
    forms: ['arriving:N', 'arriving:forever'],
    meaning:
      'N rows of the requested day and channel arrive while it is read, one after each request but the first',
    read: (detail) => {
      if (detail === 'forever') return { name: 'arriving', rows: Number.POSITIVE_INFINITY };
      const rows = readNumber(detail, /^\d+$/);
      return rows === null ? null : { name: 'arriving', rows };
    },
  },
  plain(
    WRONG,
    'swap',
    'a row goes and another comes before the 2nd, 4th, 8th, … request for a day and channel; the count stays the same',
  ),
  {
    ...WRONG,
    name: 'moving',
    forms: ['moving', 'moving:N'],
    meaning:
      'rows of the requested day and channel come, go and change their status between requests, for ever or N times',
    read: (detail) => {
      if (detail === null) return { name: 'moving', changes: Number.POSITIVE_INFINITY };
      const changes = readNumber(detail, /^\d+$/);
      return changes === null ? null : { name: 'moving', changes };
    },
  },
];
