import type { ReplyDeadline } from './reply-deadline.ts';
import type { Shade } from './sections/hours.ts';

/** The parts of a report as texts, before they take a format. `reportView` makes them. */

/**
 * All texts of a report. Each text is finished, so HTML and plain text differ in layout alone. Texts that
 * strangers wrote are shortened, and each is on one line. They are not yet escaped.
 */
export interface ReportView {
  readonly lang: string;
  readonly title: string;
  /** The name of the account. Null where the reader knows it. */
  readonly account: string | null;
  readonly subject: string;
  /** A mail client shows it beside the subject. So it does not repeat the subject. */
  readonly preheader: string;
  readonly day: string;
  readonly lead: Lead;
  /** Null where the report has all channels. */
  readonly missing: MissingSection | null;
  /** Sentences that say by how much the day is better or worse, and since when. */
  readonly facts: readonly string[];
  /** Where and when chats were missed. Null where nothing stands out. */
  readonly why: { readonly label: string; readonly text: string } | null;
  /** Other things that stand out, the most serious first. */
  readonly alerts: readonly string[];
  readonly work: WorkSection;
  /**
   * A short text for a day with little to report. The formats show it in place of the figures. Null on other
   * days.
   */
  readonly brief: Section<readonly string[]> | null;
  readonly keyFigures: Section<readonly KeyFigure[]>;
  readonly hours: HourStrip | null;
  readonly channels: BarSection;
  readonly days: DaysSection;
  readonly changes: ChangeSection;
  readonly agents: AgentSection | null;
  /** A line for each restated or late day. The section is hidden where there is none. */
  readonly restated: Section<readonly string[]>;
  readonly notes: Section<readonly string[]>;
}

/** The first one or two sentences of a report: how the day was, and what to do now. */
export interface Lead {
  /** Sentences before the lead: channels without figures, and silent channels. Empty where there are none. */
  readonly warning: string;
  /** How the day was. */
  readonly sentence: string;
  /** The day missed a target, or was plainly worse than usual. Only such a lead has the alarm colour. */
  readonly isBad: boolean;
  /** Who waits for an answer. May be empty. */
  readonly rest: string;
}

/** Stands right after the lead of a report that lacks a channel. */
export interface MissingSection {
  readonly why: string;
  /** When the channel is read again, or who has to act. */
  readonly next: string;
  /** Which parts of the report lack the channel, and where to look meanwhile. */
  readonly without: string;
}

export interface Section<T> {
  readonly title: string;
  readonly body: T;
}

/** The customers who wait, in the order of work. Only as many as fit are shown. */
export interface WorkSection {
  readonly title: string;
  /**
   * How many deadlines end soon, how many customers have a phone number, and how many wait since an earlier day.
   * Null where no customer waits.
   */
  readonly counts: { readonly lead: string; readonly rest: string } | null;
  readonly asOf: string | null;
  readonly head: readonly [deadline: string, customer: string];
  /** No group is empty. Titles are null where there are few rows. */
  readonly groups: readonly WorkGroup[];
  readonly unreachable: (Omit<WorkGroup, 'isUrgent'> & { readonly more: string | null }) | null;
  /** How many more customers wait, and where they are listed. Null where all are shown. */
  readonly more: {
    readonly lead: string;
    readonly link: { readonly text: string; readonly url: string } | null;
    readonly tail: string;
  } | null;
  readonly facts: readonly string[];
  /** No customer waits, not even one who cannot be reached. */
  readonly isEmpty: boolean;
  /** Why it is not known whether a customer waits. Null where it is known, because the lead says it then. */
  readonly none: string | null;
}

export interface WorkGroup {
  readonly title: string | null;
  readonly note: string | null;
  readonly isUrgent: boolean;
  readonly rows: readonly WorkRow[];
}

export interface WorkRow {
  readonly number: string;
  readonly name: string;
  /** A sentence: when the customer was missed, how long they had waited, and why. */
  readonly sentence: string;
  readonly channels: string;
  /** The phone number and the e-mail address. The number is left out where the button shows it. */
  readonly contacts: readonly string[];
  readonly ticket: { readonly text: string; readonly url: string | null } | null;
  /** The only way to the customer: a channel, or a message by hand. Null where there is another way, or none. */
  readonly reach: string | null;
  /** Null where the time to answer does not end. */
  readonly deadline: ReplyDeadline | null;
  readonly noDeadline: string;
  /** The deadline is still to come, and it ends before the time that the first group names. */
  readonly isSoon: boolean;
  readonly action: WorkAction | null;
}

export interface WorkAction {
  readonly kind: 'call' | 'mail' | 'ticket';
  readonly text: string;
  readonly url: string;
  readonly isUrgent: boolean;
}

export interface KeyFigure {
  readonly label: string;
  readonly value: string;
  readonly notes: readonly string[];
  /** The figure missed a target, or is plainly worse than usual. */
  readonly isBad: boolean;
}

/** The hours of a day, side by side. */
export interface HourStrip extends Section<readonly HourColumn[]> {
  /** A sentence about the worst hour. Null where no hour stands out. */
  readonly worst: string | null;
  readonly labels: {
    readonly hour: string;
    readonly missed: string;
    readonly chats: string;
    readonly agents: string;
  };
  /** Whether the number of agents who took chats is known. */
  readonly hasAgents: boolean;
  /** What the tallest column stands for. Null where no chat was missed. */
  readonly scale: string | null;
  readonly notes: readonly string[];
}

export interface HourColumn {
  readonly hour: string;
  readonly missed: string;
  readonly chats: string;
  readonly agents: string;
  /** The height, in whole per cent of the tallest column. */
  readonly bar: number;
  readonly isWorst: boolean;
  /** The hour is the worst one of a bad day. */
  readonly isBad: boolean;
}

/** Rates as bars on one scale. */
export interface BarSection extends Section<readonly BarRow[]> {
  readonly head: readonly [of: string, rate: string, missed: string];
  /** What a full bar stands for, and what its parts mean. Empty where there is nothing to explain. */
  readonly scale: string;
}

export interface BarRow {
  readonly name: string;
  readonly mark: string | null;
  readonly rate: string;
  /** The two numbers behind the rate. Null where `rate` shows them already, or where there is no rate. */
  readonly ratio: string | null;
  /** Null where the channel could not be read, or has few chats. */
  readonly bar: Bar | null;
}

/** The parts of a bar, in per cent of its full length, with at most one decimal. */
export interface Bar {
  /** The part up to the target. The whole bar where there is no target. */
  readonly within: number;
  /** The part beyond the target. */
  readonly beyond: number;
  /** The place of the target. Null where there is none. */
  readonly target: number | null;
}

export interface DaysSection extends Section<readonly DayBar[]> {
  readonly head: readonly [day: string, rate: string, ratio: string];
  readonly scale: string;
  readonly note: string | null;
}

export interface DayBar {
  /** The day of the month, in two digits. */
  readonly label: string;
  readonly day: string;
  /** In whole per cent, without the sign. Empty where there is no rate to show. */
  readonly rate: string;
  readonly ratio: string;
  /** The rate in full, or the reason why there is none. */
  readonly text: string;
  /** Null where there is no rate to show. */
  readonly bar: Bar | null;
  readonly isToday: boolean;
}

/** Each figure of the day beside those of the days that it is compared with. */
export interface ChangeSection
  extends Section<readonly { readonly name: string; readonly cells: readonly ChangeCell[] }[]> {
  /** The heading of the figures, then one for each day or group of days. */
  readonly head: readonly string[];
  readonly note: string;
}

export interface ChangeCell {
  /** Empty where the value is not known. */
  readonly value: string;
  /**
   * Set only for the value of the day itself, where it differs plainly from an earlier one. `strong` is neither
   * better nor worse.
   */
  readonly mark: 'bad' | 'good' | 'strong' | null;
}

/** The whole day as a table: channels in rows, hours in columns. */
export interface HourSection {
  readonly title: string;
  readonly hourLabel: string;
  readonly chatsLabel: string;
  readonly legend: string;
  /** Explains the sign for an hour without chats. Null where every cell has chats. */
  readonly emptyLegend: string | null;
  readonly shades: readonly { readonly shade: Shade; readonly label: string }[];
  /** The hours, as headings of the columns. */
  readonly labels: readonly string[];
  readonly rows: readonly HourRow[];
  /** The chats of all channels, hour by hour. */
  readonly chats: readonly string[];
  /** How many agents took chats, and how many chats each had at once. Empty where that is not known. */
  readonly staff: readonly { readonly name: string; readonly cells: readonly string[] }[];
  /** Sentences below the table. */
  readonly facts: readonly string[];
}

/** A channel, or all channels, with a cell for each hour. */
export interface HourRow {
  readonly name: string;
  readonly cells: readonly HourCell[];
}

export interface HourCell {
  /** A count, also 0. A dash where there was no chat, and `?` where the count is not known. */
  readonly missed: string;
  readonly hasChats: boolean;
  /** The number of chats behind the rate. */
  readonly of: string;
  readonly rate: string;
  readonly shade: Shade;
}

export interface ReasonRow {
  readonly name: string;
  readonly count: string;
  /** Null where few chats were missed. */
  readonly share: string | null;
}

/** The agents who answer. Missed chats that no agent was given are counted apart. */
export interface AgentSection extends Section<readonly AgentRow[]> {
  readonly head: readonly [agent: string, assigned: string, notTaken: string, wait: string];
  /** A sentence about the missed chats that no agent was given. Null where there was none. */
  readonly unassigned: string | null;
  readonly more: string | null;
}

interface AgentRow {
  readonly name: string;
  readonly assigned: string;
  readonly notTaken: string;
  readonly wait: string;
}

/** The lines under a mail. Each ends in a link. Files and pages do not have them. */
export type MailFooter = readonly {
  readonly lead: string;
  /** The lead in plain text, where there is room for a longer one. Left out where it is the same. */
  readonly leadInText?: string;
  readonly text: string;
  readonly url: string;
}[];
