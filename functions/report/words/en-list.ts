import { plural } from './plural.ts';
import type { viList } from './vi-list.ts';

export const enList: typeof viList = {
  list: {
    expireBefore: (count, until, n) => `${count} ${plural(n, 'expires', 'expire')} before ${until}`,
    withPhone: (count, n) => `${count} ${plural(n, 'has', 'have')} a phone number`,
    sinceEarlier: (count, first, n) =>
      n === 1
        ? `One has waited since ${first}.`
        : `${count} have waited since earlier days, the longest since ${first}.`,
    asOfDay: (day) => `As of the end of ${day}; it was not looked at who was answered after it.`,
    soonOver: (until, count) => `Deadline before ${until}, now past (${count})`,
    asOf: (at) => `As of ${at}.`,
    missedTimes: (day) =>
      `Unless another is named, they were missed at the clock time of the deadline, on ${day}.`,
    deadlineColumn: 'Reply by',
    customerColumn: 'Customer and how to reach them',
    soon: (until, count) => `Expire before ${until} (${count})`,
    next: (count) => `Next (${count})`,
    nextOrder: 'Missed most often first, then the soonest deadline.',
    unreachable: (count) => `LiveChat visitors who left no contact (${count})`,
    unreachableWhy: 'They cannot be reached; only their chat can be read.',
    missedAt: (when) => `missed at ${when}`,
    missedOn: (day) => `missed on ${day}`,
    missedTimesFirst: (count, first) => `missed ${count} times, first at ${first}`,
    lastAt: (when) => `last at ${when}`,
    waited: (time) => `waited ${time}`,
    lastWaited: (time) => `waited ${time} the last time`,
    reasons: {
      outOfHours: 'out of business hours',
      agentsBusy: 'all agents busy',
      leftEarly: 'left within 10 seconds',
      unassigned: 'given to no one',
    },
    assigned: (agent) => `given to ${agent}, not taken`,
    ticket: (number) => `ticket #${number}`,
    only: (channels) => `No number, reachable on ${channels} only.`,
    byHand: {
      messenger: (until) =>
        `Past the deadline: only a message sent by hand on Messenger (Human Agent), until ${until}.`,
      messengerPerhaps:
        'Past the deadline: only a message sent by hand on Messenger (Human Agent), within 7 days of the miss.',
      zalo: 'Past the deadline: only a paid message on Zalo.',
      over: 'Past the deadline: they can no longer be written to.',
    },
    call: (phone) => `Call ${phone}`,
    mail: 'Send e-mail',
    openTicket: 'Open ticket',
    noDeadline: 'no deadline',
    left: (time) => `${time} left`,
    lessThanMinuteLeft: 'less than a minute left',
    over: 'deadline passed',
    replyBy: (when) => `reply by ${when}`,
    wasReplyBy: (when) => `past the reply deadline (${when})`,
    more: (count) => `${count} more: `,
    allOnPage: (all) => `see all ${all} on the report page`,
    orWorkbook: (sheet) =>
      `, or open the attached workbook, sheet “${sheet}”, with the columns “Who calls” and “Result”.`,
    inWorkbook: (sheet) =>
      `open the attached workbook, sheet “${sheet}”, with the columns “Who calls” and “Result”.`,
    moreUnreachable: (count) => `and ${count} more in the workbook`,
    missedCustomers: (day, all, answered, left, n) =>
      `${all} ${plural(n, 'customer', 'customers')} had a missed chat on ${day}: ${answered} answered on the same day, ${left} not.`,
    answeredSince: (names) => `Answered since, and so not listed: ${names}.`,
    todayUnread: (channels, at) =>
      `Today’s chats on ${channels} could not be read: those answered there after ${at} are still listed.`,
    followUp: (day, customers, became, n) =>
      `${customers} ${plural(n, 'customer was', 'customers were')} not answered on ${day}; on the day after: ${became}.`,
    followedAnswered: (count) => `${count} answered`,
    followedMissedAgain: (count) => `${count} missed again`,
    followedSilent: (count) => `${count} still not`,
    followedUnknown: (count) => `${count} with too little to recognize them by`,
    none: 'No customer is waiting.',
    noneUnknown: 'Some chats have a status that is not known, so it is not known who is waiting.',
    noneOf: (channels, missing) => `No customer is waiting on ${channels}; of ${missing} it is not known.`,
    noneOfThese: 'None of the customers whose chats came is waiting.',
    noneKnown: 'There were no chats, so it is not known who is waiting.',
    noneElsewhere: 'No customer is waiting on the channels that had chats.',
    moreMayWait: 'There may be more: some chats have a status that is not known.',
    titleWithout: (title, channels, day) => `${title}, without ${channels} of ${day}`,
  },
};
