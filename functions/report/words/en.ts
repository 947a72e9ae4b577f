import { enNotice } from './en-notice.ts';
import { enPartial } from './en-partial.ts';
import { enReasons } from './en-reasons.ts';
import { enWorkbook } from './en-workbook.ts';
import type { Words } from './vi.ts';

const plural = (n: number, one: string, many: string): string => (n === 1 ? one : many);

export const en: Words = {
  lang: 'en',
  channels: { livechat: 'Livechat', messenger: 'Messenger', zalo: 'Zalo' },
  title: (day) => `Chat report ${day}`,
  subject: (day, headline) => `Chats ${day}: ${headline}`,
  sender: (account) => `${account} · Chat report`,
  onlyChannels: (channels) => `${channels} only`,
  missedOf: (missed, of) => `${missed} of ${of}`,
  missedLead: '',
  missedTail: (rate, n) => ` ${plural(n, 'chat', 'chats')} missed (${rate})`,
  noneMissed: (of, n) => `None of ${of} ${plural(n, 'chat', 'chats')} missed`,
  statusUnknown: (words, n) =>
    ` chats ${plural(n, 'has', 'have')} a status that is not known${words && ` (${words})`}`,
  unknownWhetherMissed: 'so it is not known how many were missed, or whom to call back',
  unknownHowManyMissed: 'so it is not known how many were missed',
  missedAtLeast: (missed) => `at least ${missed} missed`,
  toCallBackAtLeast: (customers, n) =>
    `at least ${customers} ${plural(n, 'customer', 'customers')} to call back`,
  statusUnknownAlert: (words) =>
    `CareSoft writes a status that is not known here: ${words}. The engineer who runs the system asks CareSoft support what it means; until then no missed rate is told.`,
  notKnown: 'not known',
  noCallbacksUnknown: 'Some chats have a status that is not known, so it is not known whom to call back.',
  moreMayWait: 'There may be more: some chats have a status that is not known.',
  noChats: 'no chats',
  noneReadable: 'None of the rows that CareSoft returned for this day can be read.',
  noChatsProven: 'No chats on this day: CareSoft confirms that it is zero.',
  noChatsThough: (channels, n) =>
    `No chats, though ${channels} usually ${plural(n, 'has', 'have')} some: look whether ${plural(n, 'it is', 'they are')} still connected to CareSoft.`,
  butNone: (channels) => `but no chats at all from ${channels}`,
  toCallBack: (customers, n) => `${customers} ${plural(n, 'customer', 'customers')} to call back`,
  nobodyToCallBack: 'nobody left to call back',
  subjectMissed: (ratio, rate) => `${ratio} missed (${rate})`,
  subjectToCallBack: (customers) => `${customers} to call back`,
  worst: (where, ratio, rate) => `Far above the day’s rate: ${where}, ${ratio} chats missed (${rate})`,
  mostAt: (where, ratio) => `especially ${where} (${ratio})`,
  rateUp: (points, days, was, n) =>
    `The missed rate is ${points} above that of the last ${plural(n, 'day', `${days} days`)} (${was}).`,
  rateDown: (points, days, was, n) =>
    `The missed rate is ${points} below that of the last ${plural(n, 'day', `${days} days`)} (${was}).`,
  hour: (from) => `${from}:00–${from + 1}:00`,
  unusuallyEmpty: (channel) =>
    `${channel} is unusually empty: no chats, although it had some on most of the last seven days`,
  unusuallyEmptyMark: 'unusually empty',
  noneMissedOfThese: (of, n) =>
    n === 1 ? 'The one chat that came was not missed' : `None of the ${of} chats that came was missed`,
  silence: (channel, since) =>
    since === null ? `${channel}: no chat all day` : `${channel}: no chat since ${since}`,
  silentMark: (since) => (since === null ? 'no chat all day' : `no chat since ${since}`),
  silenceInSubject: (channel, since) =>
    since === null ? `no ${channel} chat all day` : `no ${channel} chat since ${since}`,
  usually: (chats, from, days, isEachBefore, n) =>
    `${isEachBefore ? `on each of the ${days} ${plural(n, 'day', 'days')} before` : `on ${days} of the 7 days before`}, ${chats} came${from === null ? '' : ` from ${from} on`}`,
  checkConnection: 'Look whether the channel is still connected to CareSoft.',
  noCallbacksOfThese: 'None of the customers whose chats came is to be called back.',
  hourWithoutChats: (dash) => `${dash}: no chats`,
  keyFigures: 'Key figures',
  customers: (count, n) => `${count} ${plural(n, 'customer', 'customers')}`,
  otherStatuses: (count) => `${count} other status`,
  unknownStatuses: (count) => `${count} of unknown status`,
  missedCount: (ratio) => `${ratio} missed`,
  abandonWait: (median) => `the missed waited ${median}`,
  within: (threshold) => `wait ≤ ${threshold}`,
  p90: (value) => `P90 ${value}`,
  points: (number) => `${number}\u00a0pts`,
  unchanged: 'unchanged',
  pointsInFull: (number) => `${number}\u00a0pts`,
  comparedWith: {
    sameWeekday: 'Changes are against the same day last week.',
    previousDay: 'Changes are against the day before.',
  },
  whatChanged: 'Compared with earlier days',
  figure: 'Figure',
  previousDay: 'Day\u00a0before',
  sameWeekday: 'Last\u00a0week',
  lastDays: (days, n) => `${days}\u00a0${plural(n, 'day', 'days')}`,
  nothingBefore: 'There is no earlier day to compare with.',
  whatIsMarked:
    'In bold (or with a *): a change that is both large and unlikely by chance. Several days are added up before a rate is taken.',
  moved: (days, change, mix, performance, n) =>
    `Against the last ${plural(n, 'day', `${days} days`)} the missed rate moved by ${change}: ${mix} by the mix of channels, ${performance} by performance within them.`,
  callbacks: (count) => `Call back (${count})`,
  soonestFirst: 'Those with the soonest reply deadline come first.',
  recovered: (all, recovered, lost, n) =>
    `${all} ${plural(n, 'customer was', 'customers were')} missed: ${recovered} answered later that day, ${lost} still not.`,
  callbacksAnd: (count, earlier) => `Call back (${count}, and ${earlier} of earlier days)`,
  onlyEarlierWait: (customers, n) =>
    `nobody of this day left to call back, but ${customers} ${plural(n, 'customer', 'customers')} of earlier days`,
  answeredSince: (names, at) => `Answered since${at && ` (read up to ${at})`}, and so not listed: ${names}.`,
  todayUnread: (channels, at) =>
    `Today’s chats on ${channels} could not be read: who was answered there after ${at} is still listed.`,
  earlierWaiting: (customers, soonest, n) =>
    `${customers} ${plural(n, 'customer', 'customers')} missed on earlier days still ${plural(n, 'waits', 'wait')}${soonest && `; the first: ${soonest}`}.`,
  missedLast: (at) => `missed\u00a0at ${at}`,
  followUp: (day, customers, became, n) =>
    `Of ${customers} ${plural(n, 'customer', 'customers')} to call back on ${day}: ${became}.`,
  followedAnswered: (count) => `${count} answered since`,
  followedMissedAgain: (count) => `${count} missed again`,
  followedSilent: (count) => `${count} not heard from since`,
  followedUnknown: (count) => `${count} left nothing to recognize them by`,
  missedTimes: (count) => `missed\u00a0${count}×`,
  waited: 'Waited',
  deadline: {
    open: (until) => `reply\u00a0by ${until}`,
    over: (until) => `reply\u00a0window\u00a0closed (${until})`,
    hoursOver: (hours, until, n) =>
      `${hours}\u00a0${plural(n, 'hour\u00a0is', 'hours\u00a0are')}\u00a0over (${until})`,
    yesterday: (time, date) => `${time}\u00a0yesterday,\u00a0${date}`,
    today: (time, date) => `${time}\u00a0today,\u00a0${date}`,
    tomorrow: (time, date) => `${time}\u00a0tomorrow,\u00a0${date}`,
    onDay: (time, date) => `${time}\u00a0on\u00a0${date}`,
    left: (time) => `${time}\u00a0left`,
    lessThanMinuteLeft: 'less\u00a0than\u00a0a\u00a0minute\u00a0left',
    hours: (count) => `${count}\u00a0h`,
    minutes: (count) => `${count}\u00a0min`,
  },
  causes: {
    outOfHours: 'out of hours',
    agentsBusy: 'every agent was in a chat',
    leftEarly: 'left within 10 seconds',
    unknown: 'not known',
  },
  whyMissed: 'Why chats were missed',
  cause: 'Likely cause',
  share: 'Share',
  noCallbacks: 'There is nobody to call back.',
  noCallbacksKnown: 'There were no chats, so it is not known whom to call back.',
  noCallbacksElsewhere: 'No customer is to be called back on the channels that had chats.',
  customer: 'Customer',
  lastMissed: 'Missed\u00a0at',
  noName: '(no name)',
  ticket: (number) => `ticket\u00a0${number}`,
  since: (time) => `since\u00a0${time}`,
  moreCustomers: (count, n) =>
    `${count} more ${plural(n, 'customer is', 'customers are')} in the report’s workbook.`,
  byChannel: 'By channel',
  channel: 'Channel',
  byHour: 'By hour',
  weekdays: {
    ...{ Mon: 'Mon', Tue: 'Tue', Wed: 'Wed', Thu: 'Thu', Fri: 'Fri', Sat: 'Sat', Sun: 'Sun' },
  },
  hourColumn: 'Hour',
  allChannels: 'All',
  insideHours: (hours, missed) => `Within business hours (${hours}): ${missed} missed.`,
  outsideHours: (missed) => `Outside business hours: ${missed} missed.`,
  fourteenDays: 'Missed rate, 14 days (%)',
  day: 'Day',
  noReport: 'no report yet',
  gapNote: 'A dash: a day without a report or without a chat, which is not zero.',
  gapUnknownNote:
    'A dash: a day without a report, without a chat, or with many chats whose status is not known, which is not zero.',
  chatsRow: 'Chats',
  shade: 'Shaded by missed rate:',
  shadeFew: (least) => `(from ${least} missed)`,
  more: (count) => `and ${count} more`,
  aboutData: 'About the figures',
  proven: (chats, n) => `${chats} ${plural(n, 'chat', 'chats')} proven against CareSoft’s own count.`,
  countedRows: (rows, items, n) => `CareSoft counts ${rows} ${plural(n, 'row', 'rows')}: ${items}.`,
  chatCount: (count, n) => `${count} ${plural(n, 'chat', 'chats')}`,
  copies: (count, n) => `${count} more ${plural(n, 'row', 'rows')} of the same chats`,
  isProvisional: (last) =>
    `Provisional: CareSoft will be asked for this day again, up to the report of ${last}.`,
  isFinal: 'Final: CareSoft was asked for this day again, and will not be any more.',
  revision: (at, channel, change) => `Asked again at ${at}, ${channel}: ${change}.`,
  openDays: (days, n) =>
    `No report yet of ${days}; ${plural(n, 'it is', 'they are')} read again each morning.`,
  lackingDays: (days, channels, n) =>
    `The ${plural(n, 'report', 'reports')} of ${days} still ${plural(n, 'lacks', 'lack')} ${channels}.`,
  madeUp: 'read again, its report is whole',
  revisedDays: 'Earlier days that changed',
  moreMissed: (count) => `${count} more missed`,
  fewerMissed: (count) => `${count} fewer missed`,
  moreAnswered: (count) => `${count} more answered`,
  fewerAnswered: (count) => `${count} fewer answered`,
  moreOther: (count) => `${count} more of another status`,
  fewerOther: (count) => `${count} fewer of another status`,
  chatsCame: (count, n) => `${count} ${plural(n, 'chat', 'chats')} came later`,
  chatsWent: (count, n) => `${count} ${plural(n, 'chat', 'chats')} no longer there`,
  sameCounts: 'no count changed',
  nowToCall: (names) => `Now to call back: ${names}.`,
  noLongerToCall: (names) => `No longer to call back: ${names}.`,
  nameless: (count, n) => `${count} ${plural(n, 'customer', 'customers')} without a name`,
  nowMissed: (ratio, n) => `now ${ratio} ${plural(n, 'chat', 'chats')} missed`,
  duplicates: (count, n) => `${count} duplicate ${plural(n, 'row', 'rows')}`,
  conflicts: (count, n) => `${count} ${plural(n, 'row', 'rows')} with a known id and other content`,
  rejected: (count, n) => `${count} unreadable ${plural(n, 'row', 'rows')}`,
  outsideDay: (count, n) => `${count} ${plural(n, 'row', 'rows')} of another day`,
  notCompared: (days, n) =>
    `Not compared with ${days}: the ${plural(n, 'report of that day', 'reports of those days')} cannot be read. The engineer who runs the system finds the ${plural(n, 'file', 'files')} with chat-report check.`,
  leftOut: (items) => `Not in the figures: ${items}.`,
  otherNote: (count, n) =>
    `${count} ${plural(n, 'chat', 'chats')} with another status, counted neither as answered nor as missed.`,
  unknownNote: (words) => (count, n) =>
    `${count} ${plural(n, 'chat', 'chats')} with a status that is not known (${words}), counted neither as answered nor as missed.`,
  statusByFilter: (count, words, n) =>
    `${count} ${plural(n, 'chat has', 'chats have')} a status that is not known${words && ` (${words})`}; whether answered or missed is what CareSoft’s own filter chat_status says.`,
  statusNames: { answered: 'answered', missed: 'missed' },
  notHeeded: (statuses, channels) =>
    `CareSoft does not count by status (${statuses}) on ${channels}, so the number of such chats could not be compared.`,
  onlyNote: (channels) =>
    `This report is of ${channels} only, because nothing else was asked for. Chats on other channels are not in it; customers to call back may have been answered there.`,
  filters: (items) => `Only: ${items}.`,
  chatTypes: { inbound: 'inbound chats', outbound: 'outbound chats' },
  groupIds: (ids) => `groups ${ids}`,
  serviceIds: (ids) => `services ${ids}`,
  assigneeIds: (ids) => `agents ${ids}`,
  definitions: (threshold, version) => [
    'Missed rate = missed ÷ (answered + missed). To call back: customers with a missed chat whom nobody answered later that day, on any channel.',
    `Median: half of the chats took no longer than this; P90: nine in ten. Service level = answered with a wait of at most ${threshold} ÷ (answered + missed). Definitions: version ${version}.`,
  ],
  dataRead: (zone, at) => `Times are ${zone} time. Data read by ${at}.`,
  openInBrowser: (until) => `Open in a browser (until ${until})`,
  unsubscribe: 'No longer want this mail? Write to',
  linkGone: 'This link is no longer good.',
  linkGoneWhy: 'The whole report is in the mail.',
  ...enReasons,
  ...enPartial,
  ...enNotice,
  /** The lists: what each is called, what a row is of, what stands for the chats without a key, and of the workbook's sheet. */
  dimensions: {
    byAgent: {
      ...{ title: 'By agent', one: 'Agent', none: '(unassigned)' },
      ...{ sheet: 'Agents', key: 'Agent’s e-mail' },
    },
    byGroup: {
      ...{ title: 'By group', one: 'Group', none: '(no group)' },
      sheet: 'Groups',
    },
    byService: {
      ...{ title: 'By service', one: 'Service', none: '(no service)' },
      ...{ sheet: 'Services', key: 'Service id' },
    },
    byLandingPage: { title: 'Pages with the most missed chats', one: 'Page', none: '(no name)' },
  },
  /** The figures, where they stand as titles. */
  measures: {
    chats: 'Chats',
    customers: 'Customers',
    answered: 'Answered',
    missed: 'Missed',
    other: 'Other status',
    missedRate: 'Missed rate',
    serviceLevel: 'Service level',
    medianWait: 'Wait (median)',
    p90Wait: 'Wait (P90)',
    abandonWait: 'Wait of the missed (median)',
    meanHandle: 'Handling (mean)',
    p90Handle: 'Handling (P90)',
    meanDuration: 'Duration (mean)',
    p90Duration: 'Duration (P90)',
  },
  workbook: enWorkbook,
};
