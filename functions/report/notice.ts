import { type Day, dayAt } from '../calendar/day.ts';
import { toWholeMinute, toZonedIso } from '../calendar/time-zone.ts';
import type { ChannelCoverage } from '../capture/coverage.ts';
import type { Unproven } from '../metrics/summary.ts';
import type { Waiting, WaitingCustomer } from '../metrics/waiting.ts';
import type { OpenDay } from './earlier-days.ts';
import { footerLine, rowsTable } from './formats/html.ts';
import { type Html, heading, html, INK, mailPage, muted, opening } from './formats/mail-page.ts';
import { footerText, textHead, workRowText, wrapped } from './formats/text.ts';
import type { Locale } from './i18n/messages.ts';
import {
  type LocaleFormatter,
  localeFormatterFor,
  namesOf,
  onlyMark,
  subjectOf,
  wallClock,
} from './locale-formatter.ts';
import { oneLine, withinSentence } from './plain-text.ts';
import { dayName, isOpen, whenOf } from './reply-deadline.ts';
import { type NamedAccount, type NextAttempt, NO_LINKS, type ReaderLinks } from './report-input.ts';
import { needsOperator, reasonFor, unprovenIn, unreadReasons, waitsForPerson } from './sections/missing.ts';
import { commandFor, type OperatorChannel, operatorChannels, withCode } from './sections/notes.ts';
import { openDayLines } from './sections/restated-days.ts';
import { workRow } from './sections/work-list.ts';
import type { MailFooter, WorkSection } from './view.ts';

/** How many customers are shown. The mail is about something else. */
const SHOWN = 10;

/** Who waited in the last list, of a day before the one without a report. */
export type StillOpen = Pick<Waiting, 'day' | 'timeZone' | 'asOf' | 'contacts' | 'replyHours' | 'waiting'>;

interface StillOpenSection extends Pick<WorkSection, 'head' | 'groups'> {
  /** How many there are, from which list, and that they may have been answered since. */
  readonly text: string;
  readonly preheader: string;
  readonly more: string | null;
}

/**
 * Customers of the list whose deadline is still open, the soonest first. Null where there is none.
 *
 * @param of the day that has no report
 * @param seenAt when the notice is read, in milliseconds since 1970
 */
function stillOpenSection(
  list: StillOpen,
  of: Day,
  seenAt: number,
  links: ReaderLinks,
  formatter: LocaleFormatter,
): StillOpenSection | null {
  const { messages, format } = formatter;
  const openMessages = messages.stillOpen;
  const reading = { at: seenAt, today: dayAt(seenAt, list.timeZone) };
  const open = list.waiting
    .filter((one) => isOpen(one, reading))
    .toSorted((one, other) => endOf(one) - endOf(other));
  if (open.length === 0) return null;
  const [count, rest] = [open.length, open.length - SHOWN];
  const day = dayName(list.day, reading.today, formatter);
  const rows = open
    .slice(0, SHOWN)
    .map((one, place) =>
      workRow(one, place + 1, false, { of: { ...list, day: of }, reading, links, formatter }),
    );
  return {
    text: [
      openMessages.lead(format.count(count), day, count),
      openMessages.asOf(whenOf(list.asOf, reading, { day: of }, formatter)),
    ].join(' '),
    preheader: openMessages.preheader(format.count(count), count),
    head: [messages.list.deadlineColumn, messages.list.customerColumn],
    groups: [{ title: null, note: null, isUrgent: false, rows }],
    more: rest > 0 ? openMessages.more(format.count(rest), day, rest) : null,
  };
}

function endOf({ replyBy }: WaitingCustomer): number {
  return Date.parse(replyBy ?? '');
}

export interface NoticeInput {
  readonly unproven: Unproven;
  readonly locale: Locale;
  /** Null where the reader knows the account. */
  readonly account: NamedAccount | null;
  /** Instants are shown on its wall clock. */
  readonly timeZone: string;
  /** When problems that need no person are read again. */
  readonly next: NextAttempt;
  /** When the notice is read, in milliseconds since 1970. Left out where that is not known. */
  readonly seenAt?: number;
  /** Other days of the last week without a whole report, the oldest first. Left out where they are not shown. */
  readonly open?: readonly OpenDay[];
  /** The newest list of earlier days, as the reader may see it. Null where there is none. */
  readonly stillOpen?: StillOpen | null;
  /** Where tickets open. Left out where they are not linked. */
  readonly links?: ReaderLinks;
}

/** What a notice says, in every format. Managers come first, those who run the system at the end. */
export interface NoticeView {
  readonly lang: string;
  readonly title: string;
  /** The account. Null where the reader knows it. */
  readonly account: string | null;
  readonly subject: string;
  readonly preheader: string;
  readonly day: string;
  readonly lead: {
    /** That there is no report. */
    readonly missing: string;
    /** When the day is read again, or who has to act. */
    readonly next: string;
  };
  /** Why: one sentence a problem, and the days that were not requested for that reason. */
  readonly why: string;
  /** That the mail has no figures, what follows the next attempt, and the other days without a report. */
  readonly noFigures: string;
  /** What the manager does about the system. */
  readonly duty: string;
  /** Whether a person has to fix the problem. */
  readonly needsPerson: boolean;
  /** What can be worked on without a report. */
  readonly now: {
    readonly title: string;
    readonly inSource: string;
    readonly stillOpen: StillOpenSection | null;
  };
  readonly operators: {
    readonly title: string;
    readonly channels: readonly OperatorChannel[];
    readonly runAgain: string;
    readonly command: string;
  };
}

/** Why a day could not be proven, what comes next, and what can be done meanwhile. It holds no figure. */
export function noticeView(input: NoticeInput): NoticeView {
  const { unproven, locale, account, seenAt, links = NO_LINKS } = input;
  const formatter = localeFormatterFor(locale);
  const { messages, format } = formatter;
  const { day, only, completeness, unasked = [] } = unproven;
  const today = todayOf(input);
  const days = [day, ...unasked.slice(-1)];
  const named = days.map((one) => dayName(one, today, formatter)).join(' – ');
  const mark = onlyMark(unproven, formatter);
  const missing = messages.noticeTitle(named);
  const coming = nextStepOf(input, formatter);
  const needsPerson = needsOperator(completeness);
  const stillOpen =
    input.stillOpen && seenAt !== undefined
      ? stillOpenSection(input.stillOpen, day, seenAt, links, formatter)
      : null;
  const troubles = unreadReasons(completeness, formatter);
  return {
    lang: messages.lang,
    title: [missing, ...mark].join(' · '),
    account: account?.name ?? null,
    subject: oneLine(subjectOf(named, [...mark, coming.news].join(', '), account, formatter)),
    preheader: [troubles, ...(stillOpen === null ? [] : [stillOpen.preheader])].join(' '),
    day: days.map(format.weekdayAndDay).join(' – '),
    lead: { missing: [...mark, `${missing}.`].join(': '), next: coming.headline },
    why: [
      troubles,
      ...(unasked.length === 0
        ? []
        : [messages.notAsked(unasked.map(format.day).join(', '), unasked.length)]),
    ].join(' '),
    noFigures: [messages.noFigures, ...coming.outcome, ...openDayLines(input.open ?? [], formatter)].join(
      ' ',
    ),
    duty: needsPerson
      ? `${messages.notifyOperators(messages.forOperators)} ${messages.workAsUsual}`
      : messages.nothingToDo,
    needsPerson,
    now: {
      title: messages.possibleNow,
      inSource: messages.missedInSource(named, 1 + unasked.length),
      stillOpen,
    },
    operators: {
      title: messages.forOperators,
      channels: operatorChannels(completeness, formatter, (found) =>
        nextAttemptLine(found, formatter, input),
      ),
      runAgain: messages.runAgain,
      command: commandFor(days, only, completeness),
    },
  };
}

function todayOf({ seenAt, timeZone }: NoticeInput): Day | null {
  return seenAt === undefined ? null : dayAt(seenAt, timeZone);
}

/** What comes next, for a manager. */
interface NextStep {
  readonly headline: string;
  /** Of the subject. */
  readonly news: string;
  /** What follows, and which channels it leaves out. */
  readonly outcome: readonly string[];
}

function nextStepOf(input: NoticeInput, formatter: LocaleFormatter): NextStep {
  const { messages } = formatter;
  const { next, unproven, timeZone } = input;
  const subjectMessages = messages.noticeSubject;
  const missing = unprovenIn(unproven.completeness.channels);
  const waiting = missing.filter(({ found }) => waitsForPerson(found));
  if (waiting.length === missing.length)
    return {
      headline: messages.dayNeedsPerson,
      news: subjectMessages.needsPerson,
      outcome: [messages.sentOnceFixed],
    };
  const left = waiting.map(({ channel }) => channel);
  const not = left.length === 0 ? [] : [messages.notReadAgain(namesOf(left, formatter))];
  if (next === null) {
    return {
      headline: messages.dayRunAgain,
      news: subjectMessages.byHand,
      outcome: [messages.sentIfReadByCommand, ...not],
    };
  }
  if (next === 'next-run') {
    return {
      headline: messages.dayReadAgainNextRun,
      news: subjectMessages.nextRun,
      outcome: [messages.announcedIfRead, ...not],
    };
  }
  const today = todayOf(input);
  const at = toZonedIso(Date.parse(toWholeMinuteIso(next.at)) / 1_000, timeZone);
  const when = whenOf(at, { at: input.seenAt ?? 0, today }, unproven, formatter).replaceAll('\u00a0', ' ');
  // A list of mails shows the day beside the subject: on the same day the clock time is enough.
  const short = at.slice(0, 10) === today ? wallClock(at) : when;
  return {
    headline: messages.dayReadAgainAt(when),
    news: subjectMessages.at(short),
    outcome: [messages.sentIfRead, ...not],
  };
}

/** When the program reads the channel again, and the command that does so sooner. */
function nextAttemptLine(
  found: ChannelCoverage,
  formatter: LocaleFormatter,
  input: NoticeInput,
): string | null {
  if (found.verdict === 'proven') return null;
  const { messages, format } = formatter;
  const { notBefore, isWaitCut = false } = found;
  const at = notBefore && format.instant(toWholeMinuteIso(notBefore), input.timeZone);
  const asks = at && (isWaitCut ? messages.waitShortened(at) : messages.notBefore(at));
  const again = automaticAttempt(found, formatter, input);
  const { next } = reasonFor(found, messages, input.unproven.completeness.channels);
  const byCommand = again.length === 0 ? next : messages.byCommand(withinSentence(next));
  return [...again, ...(isWaitCut ? [] : [byCommand]), ...(asks ? [asks] : [])].join(' ');
}

/** When the program itself reads the channel again. Empty where that is not known, or where a person has to act. */
function automaticAttempt(
  found: ChannelCoverage,
  { messages, format }: LocaleFormatter,
  { next, timeZone }: NoticeInput,
): string[] {
  if (next === null || waitsForPerson(found)) return [];
  if (next === 'next-run') return [messages.dayReadAgainNextRun];
  return [messages.dayReadAgainAt(format.instant(toWholeMinuteIso(next.at), timeZone))];
}

/** Rounded up, so that the lockout has ended at the shown minute. */
function toWholeMinuteIso(iso: string): string {
  return new Date(toWholeMinute(Date.parse(iso))).toISOString();
}

export interface Notice {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** The short mail that goes out in place of a report. */
export function renderNotice(input: NoticeInput, footer: MailFooter = []): Notice {
  const view = noticeView(input);
  return { subject: view.subject, html: noticeHtml(view, footer), text: noticeText(view, footer) };
}

function noticeHtml(view: NoticeView, footer: MailFooter): string {
  const { lead, why, noFigures, duty, now, operators } = view;
  const { missing, next } = lead;
  const headline = html`<span class="a" style="${INK.accent}">${missing}</span> ${next}`;
  const body = html`${opening(view, headline)}
    <p style="margin:10px 0 0">${why} ${noFigures}</p>
    <p style="margin:10px 0 0">${duty}</p>
    ${heading(now.title)}
    <p style="margin:0">${now.inSource}</p>
    ${now.stillOpen !== null && stillOpenPart(now.stillOpen)}
    ${operatorsPart(operators)}
    ${footer.map(footerLine)}`;
  return mailPage({ ...view, body });
}

function stillOpenPart(section: StillOpenSection): Html {
  const { text, more } = section;
  return html`<p style="margin:8px 0 0">${text}</p>${rowsTable(section)}${more !== null && html`<p style="margin:8px 0 0">${more}</p>`}`;
}

function stillOpenText({ text, groups, more }: StillOpenSection): string {
  const rows = groups.flatMap((group) => group.rows.map(workRowText));
  return [wrapped(text, '  '), ...rows, ...(more === null ? [] : [wrapped(more, '  ')])].join('\n');
}

function operatorsPart({ title, channels, runAgain, command }: NoticeView['operators']): Html {
  return html`${heading(title)}
    ${channels.map(
      ({ name, code, lines }) => html`
      <h3 style="margin:12px 0 0;${INK.small}">${name}${code !== null && html` <code style="${INK.small};font-weight:normal">(${code})</code>`}</h3>
      ${lines.map(
        ({ label, text }) =>
          html`<p class="m" style="margin:4px 0 0;${INK.small};${INK.muted};overflow-wrap:anywhere;word-break:break-word">${
            label !== null && `${label}: `
          }${text}</p>`,
      )}`,
    )}
    ${muted(html`${runAgain}<br><code style="font-size:13px;overflow-wrap:anywhere">${command}</code>`)}`;
}

function noticeText(view: NoticeView, footer: MailFooter): string {
  const { lead, why, noFigures, duty, now, operators } = view;
  const blocks = [
    textHead(view),
    wrapped(lead.next),
    wrapped(`${why} ${noFigures}`),
    wrapped(duty),
    [now.title.toUpperCase(), wrapped(now.inSource, '  ')].join('\n'),
    ...(now.stillOpen === null ? [] : [stillOpenText(now.stillOpen)]),
    operators.title.toUpperCase(),
    ...operators.channels.map(({ name, code, lines }) =>
      [
        `  ${withCode(name, code)}`,
        ...lines.map(({ label, text }) => wrapped(label === null ? text : `${label}: ${text}`, '    ')),
      ].join('\n'),
    ),
    `  ${operators.runAgain}\n    ${operators.command}`,
    ...footer.map(footerText),
  ];
  return `${blocks.join('\n\n')}\n`;
}
