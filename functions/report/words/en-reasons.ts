import type { ReasonWords, viReasons } from './vi-reasons.ts';

const engineer = 'The engineer who runs the system';
const managerNothing = 'The manager has nothing to do.';
const inAnHour = 'In an hour or so, with the command below.';
const onceMended = 'As soon as that is done, with the command below.';
const askCareSoft = `${managerNothing} ${engineer} runs it again; if it ends the same, they pass this mail on to CareSoft support.`;

const reasons: typeof viReasons.reasons = {
  'count-changed': {
    what: 'The number of chats that CareSoft states changed while they were read.',
    todo: `${managerNothing} CareSoft is still writing chats of that day; the engineer who runs the system only runs it again.`,
    next: inAnHour,
  },
  'rows-missing': {
    what: 'CareSoft returned fewer chats than it states itself.',
    todo: askCareSoft,
    next: inAnHour,
  },
  'rows-beyond-count': {
    what: 'CareSoft returned more chats than it states itself.',
    todo: askCareSoft,
    next: inAnHour,
  },
  unavailable: {
    what: 'CareSoft could not be reached, or kept answering with errors or with what cannot be used.',
    todo: `${engineer} looks whether CareSoft is down, then checks the network. If CareSoft is down, it is for CareSoft support to act.`,
    next: 'Once CareSoft works as usual, with the command below.',
  },
  throttled: {
    what: 'CareSoft kept answering that there were too many requests.',
    todo: `${engineer} looks for another program on the same API account, or lowers CARESOFT_REQUESTS_PER_SECOND.`,
    next: 'In a few minutes, with the command below.',
  },
  banned: {
    what: 'CareSoft has locked the account’s API for too many requests.',
    todo: `${engineer} makes no call until the lock ends, with other programs neither; every call lengthens it.`,
    next: 'Once the lock has ended, with the command below.',
  },
  'token-refused': {
    what: 'CareSoft does not accept the token.',
    todo: `${engineer} takes the token that was made last in CareSoft’s administration, and puts it into CARESOFT_TOKEN, or into the secret that CARESOFT_TOKEN_SECRET names.`,
    next: 'As soon as the token is replaced, with the command below.',
  },
  refused: {
    what: 'CareSoft refused the request.',
    todo: `${engineer} checks CHANNELS and the filters in the settings (the command chat-report check).`,
    next: onceMended,
  },
  'rows-not-understood': {
    what: 'Too many of the rows that CareSoft returned cannot be read: they lack an id or a start.',
    todo: `${managerNothing} ${engineer} runs chat-report check and asks CareSoft support: the form of CareSoft’s answers may have changed.`,
    next: onceMended,
  },
  'filter-not-kept': {
    what: 'CareSoft returned chats that the filter leaves out too, so it is not known which chats belong to this report.',
    todo: `${managerNothing} ${engineer} runs chat-report check, and looks at the filter that the detail names, or asks CareSoft support. Without the filter the report is of all chats.`,
    next: onceMended,
  },
  'channel-not-kept': {
    what: 'CareSoft returned the same conversations for several channels, so it is not known which chat belongs to which channel.',
    todo: `${managerNothing} ${engineer} runs chat-report check, and asks CareSoft support why the API does not tell the channels apart (conversation_type).`,
    next: onceMended,
  },
  'rows-unreadable': {
    what: 'Most rows that CareSoft returned cannot be read: they lack an id or a start.',
    todo: `${engineer} runs chat-report check and asks CareSoft support: the form of CareSoft’s answers may have changed.`,
    next: onceMended,
  },
  'window-not-kept': {
    what: 'CareSoft returned chats from outside the time that was asked for.',
    todo: `${engineer} runs chat-report check, and looks at CARESOFT_CLOCK and TIME_ZONE.`,
    next: onceMended,
  },
  'clock-contradicted': {
    what: 'The times in CareSoft’s rows contradict the clock that is set.',
    todo: `${engineer} runs chat-report check, and changes CARESOFT_CLOCK.`,
    next: onceMended,
  },
  'raw-damaged': {
    what: 'The stored raw data of that day is damaged or was altered.',
    todo: `${engineer} reads the whole day from CareSoft again (the option --refresh).`,
    next: 'At once, with the command below.',
  },
};

const channelRefused = `${engineer} looks whether this channel is opened at CareSoft: the account may not have it. They take it out of CHANNELS, or have CareSoft open it.`;

const wrongAddress: typeof viReasons.wrongAddress = {
  todo: `${engineer} checks CARESOFT_BASE_URL: the address of CareSoft’s server, with the domain of the account at its end. If it is right, they check the network.`,
  next: 'As soon as CARESOFT_BASE_URL is corrected, with the command below.',
};

const reasonUnknown: ReasonWords = {
  what: 'It is not known why this channel could not be proven.',
  todo: `${engineer} looks into the log of the run.`,
  next: inAnHour,
};

export const enReasons: typeof viReasons = { reasons, wrongAddress, channelRefused, reasonUnknown };
