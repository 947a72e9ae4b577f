import { plural } from './en-lists.ts';
import type { ReasonMessages, viNotice, viPartial, viReasons } from './vi-notices.ts';

export const enNotice: typeof viNotice = {
  noticeTitle: (day) => `No chat report yet for ${day}`,
  noticeSubject: {
    at: (at) => `no report yet, read again at ${at}`,
    nextRun: 'no report yet, read again by the next run',
    byHand: 'no report yet, the engineer has to run it again',
    needsPerson: 'no report yet, the engineer has to act',
  },
  dayReadAgainAt: (at) => `The system reads it again by itself at ${at}.`,
  dayReadAgainNextRun: 'The next daily run reads it again by itself.',
  dayRunAgain:
    'The system does not read it again by itself: the engineer who runs the system has to run it again.',
  dayNeedsPerson: 'The engineer who runs the system has to act.',
  notReadBecause: (why, channels) => `${why}, so the chats of ${channels} have not all been read yet.`,
  noneReadBecause: (why) => `${why}, so no channel has been read in full yet.`,
  notAsked: (days, n) =>
    `For the same reason ${plural(n, 'the day after it was', 'the days after it were')} not asked: ${days}.`,
  noFigures: 'This mail holds no figures, so that none is wrong.',
  sentIfRead: 'If it can be read, the report is sent at once.',
  announcedIfRead: 'If it can be read, the next mail says so.',
  sentOnceFixed: 'Once that is done and it is run again, the report is sent at once.',
  sentIfReadByCommand: 'If it can be read then, the report is sent at once.',
  nothingToDo: 'You need do nothing with the system; serve your customers in CareSoft as usual.',
  workAsUsual: 'Serve your customers in CareSoft as usual.',
  notifyOperators: (part) =>
    `Please tell the engineer who runs the system: what to do stands under “${part}”.`,
  possibleNow: 'What can be done now',
  missedInSource: (days, n) =>
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
  readInterrupted: 'Then it broke off.',
  provenChannel: 'This channel is proven.',
  whatToDo: 'What to do',
  nextAttempt: 'Next try',
  byCommand: (next) => `Or: ${next}`,
  notBefore: (at) => `Not before ${at}.`,
  waitShortened: (at) =>
    `CareSoft asked to wait for more than a day; the program waits until ${at} at most, and asks once if it is run before.`,
  detail: 'Detail',
  sourceMessage: 'CareSoft answers',
  runAgain: 'Run it again with:',
};

export const enPartial: typeof viPartial = {
  and: (names, last) => `${names} and ${last}`,
  missing: (channels) => `no figures of ${channels} yet`,
  missingLead: (channels) => `No figures of ${channels} yet. `,
  withoutChannels: (channels, day) =>
    `All figures and the list of who waits are without ${channels} of ${day}; customers on the list may have been answered there. Meanwhile, look at the missed chats of ${channels} in CareSoft itself.`,
  readsAgainAt: (channels, at) => `The system reads ${channels} again by itself at ${at}.`,
  readsAgainNextRun: (channels) => `The next daily run reads ${channels} again by itself.`,
  notReadAgain: (channels) => `The system does not read ${channels} again until this has been mended.`,
  fullReportSent: 'If it can be read, the report of all channels is sent in place of this mail.',
  fullReportAnnounced:
    'If it can be read, the report of all channels takes the place of this one, and the next mail says so.',
  fullReportReplaces: (channels) =>
    `Once ${channels} can be read, the report of all channels takes the place of this one.`,
  without: (channels) => `without ${channels}`,
  notFollowedUp: (day, missing) =>
    `The list of ${day} cannot be followed up: without ${missing} it is not known who was answered.`,
  notFollowedUpBefore: (day, missing) =>
    `The list of ${day} cannot be followed up: the report of that day lacks ${missing}.`,
  notRead: 'could not be read, which is not zero',
  hoursWithout: (channels) => `Without ${channels}: it could not be read, which is not zero.`,
  lacksChannels: (channels) => `lacks ${channels}`,
  lackingDaysNote: (days) => `${days}: the report lacks a channel, so it is not compared.`,
  comparedChannels: (channels) => `Only ${channels} of each day is compared.`,
  notProven: (channels) => `${channels}: not proven, and in no figure.`,
  proofOf: { verdict: 'Verdict', proven: 'proven', unproven: 'not proven, not counted' },
};

const engineer = 'The engineer who runs the system';
const inAnHour = 'In an hour or so, with the command below.';
const onceFixed = 'As soon as that is done, with the command below.';
const askSupport = `${engineer} runs it again; if it ends the same, they pass this mail on to CareSoft support.`;

const reasons: typeof viReasons.reasons = {
  'count-changed': {
    plain: 'CareSoft was still adding chats while they were read',
    what: 'The number of chats that CareSoft states changed while they were read.',
    todo: `${engineer} only runs it again: CareSoft is still writing chats of that day.`,
    next: inAnHour,
  },
  'rows-missing': {
    plain: 'CareSoft returned fewer chats than it says there are',
    what: 'CareSoft returned fewer chats than it states itself.',
    todo: askSupport,
    next: inAnHour,
  },
  'rows-beyond-count': {
    plain: 'CareSoft returned more chats than it says there are',
    what: 'CareSoft returned more chats than it states itself.',
    todo: askSupport,
    next: inAnHour,
  },
  unavailable: {
    plain: 'CareSoft did not answer, or kept answering with errors',
    what: 'CareSoft could not be reached, or kept answering with errors or with what cannot be used.',
    todo: `${engineer} looks whether CareSoft is down, then checks the network. If CareSoft is down, it is for CareSoft support to act.`,
    next: 'Once CareSoft works as usual, with the command below.',
  },
  throttled: {
    plain: 'CareSoft kept answering that it was asked too often',
    what: 'CareSoft kept answering that there were too many requests.',
    todo: `${engineer} looks for another program on the same API account, or lowers CARESOFT_REQUESTS_PER_SECOND.`,
    next: 'In a few minutes, with the command below.',
  },
  banned: {
    plain: 'CareSoft has locked the report system out for a while',
    what: 'CareSoft has locked the account’s API for too many requests.',
    todo: `${engineer} makes no call until the lock ends, with other programs neither; every call lengthens it.`,
    next: 'Once the lock has ended, with the command below.',
  },
  'token-refused': {
    plain: 'CareSoft does not accept the access key of the report system',
    what: 'CareSoft does not accept the token.',
    todo: `${engineer} takes the token that was made last in CareSoft’s administration, and puts it into CARESOFT_TOKEN, or into the secret that CARESOFT_TOKEN_SECRET names.`,
    next: 'As soon as the token is replaced, with the command below.',
  },
  'secret-unreadable': {
    plain: 'The report system cannot get at its own access key',
    what: 'The secret of the token cannot be read, or no token is in it. So CareSoft was not asked.',
    todo: `${engineer} mends the secret that CARESOFT_TOKEN_SECRET names, as the detail says: they put the token into it, or allow the program to read it.`,
    next: onceFixed,
  },
  refused: {
    plain: 'CareSoft does not let the report system read the chats',
    what: 'CareSoft refused the request.',
    todo: `${engineer} checks CHANNELS and the filters in the settings (the command chat-report check).`,
    next: onceFixed,
  },
  'rows-not-understood': {
    plain: 'Too many of the chats that CareSoft returned lack an id or a start',
    what: 'Too many of the rows that CareSoft returned cannot be read: they lack an id or a start.',
    todo: `${engineer} runs chat-report check and asks CareSoft support: the form of CareSoft’s answers may have changed.`,
    next: onceFixed,
  },
  'filter-not-kept': {
    plain: 'CareSoft returned chats that do not belong to this report too',
    what: 'CareSoft returned chats that the filter leaves out too, so it is not known which chats belong to this report.',
    todo: `${engineer} runs chat-report check, and looks at the filter that the detail names, or asks CareSoft support. Without the filter the report is of all chats.`,
    next: onceFixed,
  },
  'channel-not-kept': {
    plain: 'CareSoft returned the same chats for several channels',
    what: 'CareSoft returned the same conversations for several channels, so it is not known which chat belongs to which channel.',
    todo: `${engineer} runs chat-report check, and asks CareSoft support why the API does not tell the channels apart (conversation_type).`,
    next: onceFixed,
  },
  'rows-unreadable': {
    plain: 'Most of the chats that CareSoft returned lack an id or a start',
    what: 'Most rows that CareSoft returned cannot be read: they lack an id or a start.',
    todo: `${engineer} runs chat-report check and asks CareSoft support: the form of CareSoft’s answers may have changed.`,
    next: onceFixed,
  },
  'window-not-kept': {
    plain: 'CareSoft returned chats from outside the time that was to be read',
    what: 'CareSoft returned chats from outside the time that was asked for.',
    todo: `${engineer} runs chat-report check, and looks at CARESOFT_CLOCK and TIME_ZONE.`,
    next: onceFixed,
  },
  'clock-contradicted': {
    plain: 'The times of the chats that CareSoft returned contradict the time zone that is set',
    what: 'The times in CareSoft’s rows contradict the clock that is set.',
    todo: `${engineer} runs chat-report check, and changes CARESOFT_CLOCK.`,
    next: onceFixed,
  },
  'raw-damaged': {
    plain: 'The stored data of that day is damaged or was altered',
    what: 'The stored raw data of that day is damaged or was altered.',
    todo: `${engineer} reads the whole day from CareSoft again (the option --refresh).`,
    next: 'At once, with the command below.',
  },
};

const channelRefused: typeof viReasons.channelRefused = {
  plain: 'CareSoft refuses one channel, perhaps because the account does not have it',
  todo: `${engineer} looks whether this channel is opened at CareSoft: the account may not have it. They take it out of CHANNELS, or have CareSoft open it.`,
};

const wrongAddress: typeof viReasons.wrongAddress = {
  plain: 'The system cannot get to the account at the CareSoft address that is set',
  todo: `${engineer} checks CARESOFT_BASE_URL: the address of CareSoft’s server, with the domain of the account at its end. If it is right, they check the network.`,
  next: 'As soon as CARESOFT_BASE_URL is corrected, with the command below.',
};

const reasonUnknown: ReasonMessages = {
  plain: 'The data does not match CareSoft yet',
  what: 'It is not known why this channel could not be proven.',
  todo: `${engineer} looks into the log of the run.`,
  next: inAnHour,
};

export const enReasons: typeof viReasons = { reasons, wrongAddress, channelRefused, reasonUnknown };
