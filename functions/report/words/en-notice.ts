import type { viNotice } from './vi-notice.ts';

const plural = (n: number, one: string, many: string): string => (n === 1 ? one : many);

export const enNotice: typeof viNotice = {
  noticeTitle: (day) => `No chat report yet for ${day}`,
  noticeNews: {
    at: (at) => `no report yet, read again at ${at}`,
    nextRun: 'no report yet, read again by the next run',
    byHand: 'no report yet, the engineer has to run it again',
    person: 'no report yet, the engineer has to act',
  },
  dayReadAgainAt: (at) => `The system reads it again by itself at ${at}.`,
  dayReadAgainNextRun: 'The next daily run reads it again by itself.',
  dayRunAgain:
    'The system does not read it again by itself: the engineer who runs the system has to run it again.',
  dayForPerson: 'The engineer who runs the system has to act.',
  notReadBecause: (why, channels) => `${why}, so the chats of ${channels} have not all been read yet.`,
  noneReadBecause: (why) => `${why}, so no channel has been read in full yet.`,
  notAsked: (days, n) =>
    `For the same reason ${plural(n, 'the day after it was', 'the days after it were')} not asked: ${days}.`,
  noFigures: 'This mail holds no figures, so that none is wrong.',
  thenSent: 'If it can be read, the report is sent at once.',
  thenTold: 'If it can be read, the next mail says so.',
  sentOnceMended: 'Once that is done and it is run again, the report is sent at once.',
  thenSentByHand: 'If it can be read then, the report is sent at once.',
  nothingToDo: 'You need do nothing with the system; serve your customers in CareSoft as usual.',
  asUsual: 'Serve your customers in CareSoft as usual.',
  tellOperators: (part) => `Please tell the engineer who runs the system: what to do stands under “${part}”.`,
  doNow: 'What can be done now',
  missedInCareSoft: (days, n) =>
    `Missed chats of ${days}: open CareSoft, and filter by the missed ones of ${plural(n, 'that day', 'those days')}.`,
  stillOpen: {
    lead: (customers, day, n) =>
      `${customers} ${plural(n, 'customer', 'customers')} can still be answered, by the list of who waits in the report of ${day}.`,
    asOf: (at) =>
      `The list was made at ${at}; they may have been answered since: look at the ticket before you get in touch.`,
    preheader: (customers, n) =>
      `${customers} ${plural(n, 'customer', 'customers')} who waited before can still be answered.`,
    more: (customers, day, n) =>
      `${customers} more ${plural(n, 'customer is', 'customers are')} on the list in the report of ${day}.`,
  },
  forOperators: 'For the engineer who runs the system',
  why: 'Why',
  wasRead: 'Read',
  nothingRead: 'nothing.',
  pagesAndRows: (pages, rows, nPages, nRows) =>
    `${pages} ${plural(nPages, 'page', 'pages')}, ${rows} ${plural(nRows, 'row', 'rows')}`,
  differentRows: (unique) => `${unique} of them different`,
  counted: (count) => `CareSoft counts ${count}`,
  countedTwice: (before, after) => `CareSoft counted ${before} at first and ${after} at the end`,
  brokeOff: 'Then it broke off.',
  provenChannel: 'This channel is proven.',
  whatToDo: 'What to do',
  nextTry: 'Next try',
  byHand: (next) => `Or: ${next}`,
  notBefore: (at) => `Not before ${at}.`,
  waitCut: (at) =>
    `CareSoft asked to wait for more than a day; the program waits until ${at} at most, and asks once if it is run before.`,
  detail: 'Detail',
  careSoftSays: 'CareSoft answers',
  runAgain: 'Run it again with:',
};
