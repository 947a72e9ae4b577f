import type { viPartial } from './vi-partial.ts';

export const enPartial: typeof viPartial = {
  and: (names, last) => `${names} and ${last}`,
  missing: (channels) => `no figures of ${channels} yet`,
  missingLead: (channels) => `No figures of ${channels} yet. `,
  withoutThem: (channels, day) =>
    `All figures and the list of who waits are without ${channels} of ${day}; customers on the list may have been answered there. Meanwhile, look at the missed chats of ${channels} in CareSoft itself.`,
  readsAgainAt: (channels, at) => `The system reads ${channels} again by itself at ${at}.`,
  readsAgainNextRun: (channels) => `The next daily run reads ${channels} again by itself.`,
  notReadAgain: (channels) => `The system does not read ${channels} again until this has been mended.`,
  fullIsSent: 'If it can be read, the report of all channels is sent in place of this mail.',
  fullIsTold:
    'If it can be read, the report of all channels takes the place of this one, and the next mail says so.',
  fullReplaces: (channels) =>
    `Once ${channels} can be read, the report of all channels takes the place of this one.`,
  without: (channels) => `without ${channels}`,
  notFollowedUp: (day, missing) =>
    `The list of ${day} cannot be followed up: without ${missing} it is not known who was answered.`,
  notFollowedUpBefore: (day, missing) =>
    `The list of ${day} cannot be followed up: the report of that day lacks ${missing}.`,
  notRead: 'could not be read, which is not zero',
  hoursWithout: (channels) => `Without ${channels}: it could not be read, which is not zero.`,
  lacks: (channels) => `lacks ${channels}`,
  gapLackingNote: (days) => `${days}: the report lacks a channel, so it is not compared.`,
  comparedChannels: (channels) => `Only ${channels} of each day is compared.`,
  notProven: (channels) => `${channels}: not proven, and in no figure.`,
  proofOf: { verdict: 'Verdict', proven: 'proven', unproven: 'not proven, not counted' },
};
