import type { Deadline } from './deadline.ts';
import type { Shade } from './shade.ts';

/**
 * What a report says, word for word and figure for figure, before it takes a form: every text is finished, so the
 * HTML and the plain text can only differ in layout. Texts of strangers are on one line and cut, not yet escaped.
 */
export interface ReportView {
  readonly lang: string;
  readonly title: string;
  /** Whose it is; null where that is known. */
  readonly account: string | null;
  readonly subject: string;
  /** What a mail client shows beside the subject: another fact, not the same again. */
  readonly preheader: string;
  readonly day: string;
  readonly verdict: Verdict;
  /** Of a report that lacks a channel; null of others. */
  readonly missing: MissingSection | null;
  /** What stands out plainly, the gravest first. */
  readonly alerts: readonly string[];
  /** What is better than it was. */
  readonly praise: readonly string[];
  readonly keyFigures: Section<readonly KeyFigure[]> & { readonly note: string | null };
  readonly callbacks: CallbackSection;
  readonly changes: ChangeSection;
  readonly hours: HourSection;
  readonly channels: Section<readonly ChannelRow[]> & { readonly head: readonly [string, string] };
  readonly days: DaysSection;
  readonly lists: readonly ListSection[];
  /** A line for each earlier day that turned out otherwise; shown where there are any. */
  readonly revised: Section<readonly string[]>;
  readonly notes: Section<readonly string[]>;
}

/** One sentence, its telling figure set off; none where it is of few chats. */
export interface Verdict {
  /** Sentences before it: which channels there are no figures of, and which fell silent. Empty where there are none. */
  readonly warning: string;
  readonly lead: string;
  readonly figure: string;
  readonly tail: string;
}

/** What stands right after the verdict of a report that lacks a channel. */
export interface MissingSection {
  readonly why: string;
  /** When it is read again, or who has to act. */
  readonly next: string;
  /** What in the report is without it, and where to look meanwhile. */
  readonly without: string;
}

export interface Section<T> {
  readonly title: string;
  readonly body: T;
}

export interface KeyFigure {
  readonly label: string;
  readonly value: string;
  readonly change: ChangeCell | null;
  readonly notes: readonly string[];
  /** Worth the colour of a warning. */
  readonly bad: boolean;
}

/** A figure beside what it was. */
export interface ChangeCell {
  readonly was: string;
  readonly change: string;
  /** `strong` is worth a mark, and neither good nor bad. */
  readonly tone: 'bad' | 'good' | 'strong' | 'plain';
}

export interface ChangeSection
  extends Section<readonly { readonly name: string; readonly cells: readonly (ChangeCell | null)[] }[]> {
  /** Of the figures, then of each day or days that they are compared with. */
  readonly head: readonly string[];
  readonly note: string;
}

export interface CallbackSection extends Section<readonly CallbackRow[]> {
  readonly facts: readonly string[];
  readonly head: readonly [customer: string, lastMissed: string, waited: string];
  /** In what order they stand, how many more there are, or that there are none at all. */
  readonly note: string | null;
}

export interface Contact {
  readonly text: string;
  /** What a telephone dials; null where it cannot. */
  readonly tel: string | null;
}

export interface CallbackRow {
  readonly name: string;
  /** Phone and e-mail, as far as known. */
  readonly contacts: readonly Contact[];
  /** How often they were missed; null for once. */
  readonly attempts: string | null;
  /** Where and since when they wrote, and the ticket. */
  readonly details: readonly string[];
  /** Until when they can be answered where they wrote; null where that does not end. */
  readonly replyBy: Deadline | null;
  /** Why they were probably missed. */
  readonly cause: string;
  readonly lastMissed: string;
  readonly waited: string;
}

export interface ChannelRow {
  readonly name: string;
  readonly mark: string | null;
  readonly rate: string;
  /** Null where the rate is told by it already. */
  readonly ratio: string | null;
  /** The bar's length, whole per cent of the room it has; null of a channel that could not be read. */
  readonly bar: number | null;
}

export interface HourSection {
  readonly title: string;
  readonly hourLabel: string;
  readonly chatsLabel: string;
  readonly legend: string;
  /** What a cell shows of an hour without chats, and that it does; null where each cell has chats. */
  readonly emptyLegend: string | null;
  readonly shades: readonly { readonly shade: Shade; readonly label: string }[];
  /** Of the columns. */
  readonly labels: readonly string[];
  readonly rows: readonly HourRow[];
  /** All chats of each column. */
  readonly chats: readonly string[];
  /** What is said beneath it. */
  readonly facts: readonly string[];
}

/** A cell for each column. */
export interface HourRow {
  readonly name: string;
  readonly cells: readonly HourCell[];
}

export interface HourCell {
  /** How many, also none; a dash where there was no chat. */
  readonly missed: string;
  readonly hasChats: boolean;
  /** What the rate is a share of. */
  readonly of: string;
  readonly rate: string;
  readonly shade: Shade;
}

export interface DaysSection extends Section<readonly DayBar[]> {
  readonly head: readonly [day: string, rate: string, ratio: string];
  readonly note: string | null;
}

export interface DayBar {
  /** The day of the month. */
  readonly label: string;
  readonly day: string;
  /** In whole per cent, without the sign; empty where there is no report. */
  readonly rate: string;
  readonly ratio: string;
  /** The rate in full, or that there is no report. */
  readonly says: string;
  /** Its height, whole per cent of the room it has; null where there is nothing to show. */
  readonly bar: number | null;
  readonly isToday: boolean;
}

export interface CauseRow {
  readonly name: string;
  readonly count: string;
  readonly share: string;
}

export interface ListSection extends Section<readonly ListRow[]> {
  readonly head: readonly [key: string, chats: string, missed: string, wait: string];
  readonly more: string | null;
}

export interface ListRow {
  readonly name: string;
  readonly chats: string;
  /** How many, and what rate that is. */
  readonly missed: string;
  readonly wait: string;
}
