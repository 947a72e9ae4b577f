import type { ReplyDeadline } from './reply-deadline.ts';
import type { Shade } from './sections/hours.ts';

/**
 * What a report says, before it takes a format. Every text is finished, so HTML and plain text differ in layout alone. Texts
 * of strangers are on one line and cut. They are not yet escaped.
 */
export interface ReportView {
  readonly lang: string;
  readonly title: string;
  /** The account. Null where the reader knows it. */
  readonly account: string | null;
  readonly subject: string;
  /** What a mail client shows beside the subject: another fact, not the same again. */
  readonly preheader: string;
  readonly day: string;
  readonly lead: Lead;
  /** Null for a report of all channels. */
  readonly missing: MissingSection | null;
  /** By how much and since when, in sentences. */
  readonly facts: readonly string[];
  /** Where and when it went wrong; null where nothing stands out. */
  readonly why: { readonly label: string; readonly text: string } | null;
  /** What else stands out, the gravest first. */
  readonly alerts: readonly string[];
  readonly work: WorkSection;
  /** Stands in place of all later sections on a day with little to say. Null on other days. */
  readonly brief: Section<readonly string[]> | null;
  readonly keyFigures: Section<readonly KeyFigure[]>;
  readonly hours: HourStrip | null;
  readonly channels: BarSection;
  readonly days: DaysSection;
  readonly changes: ChangeSection;
  readonly agents: AgentSection | null;
  /** A line for each restated or late day. Hidden where there is none. */
  readonly restated: Section<readonly string[]>;
  readonly notes: Section<readonly string[]>;
}

/** The first one or two sentences of a report: how the day was, and what is to be done now. */
export interface Lead {
  /** Sentences before the lead: channels without figures, and silent channels. Empty where there are none. */
  readonly warning: string;
  /** How it was. */
  readonly sentence: string;
  /** A target was missed, or the day was plainly worse than usual. Only these have the colour of alarm. */
  readonly isBad: boolean;
  /** Who waits; may be empty. */
  readonly rest: string;
}

/** What stands right after the lead of a report that lacks a channel. */
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

/** Customers who wait, in the order of work, as many as fit. */
export interface WorkSection {
  readonly title: string;
  /** Who expires first and who has a number, and since when the longest waits; null where no one does. */
  readonly counts: { readonly lead: string; readonly rest: string } | null;
  readonly asOf: string | null;
  readonly head: readonly [deadline: string, customer: string];
  /** None is empty; without titles where there are few. */
  readonly groups: readonly WorkGroup[];
  readonly unreachable: (Omit<WorkGroup, 'isUrgent'> & { readonly more: string | null }) | null;
  /** How many more there are and where; null where all are shown. */
  readonly more: {
    readonly lead: string;
    readonly link: { readonly text: string; readonly url: string } | null;
    readonly tail: string;
  } | null;
  readonly facts: readonly string[];
  /** No one is in the list. */
  readonly isEmpty: boolean;
  /** Why it is not known whether someone waits; null where it is, since the lead says it then. */
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
  /** When they were missed, how long they had waited, and why, in a sentence. */
  readonly sentence: string;
  readonly channels: string;
  /** Those that the action does not say. */
  readonly contacts: readonly string[];
  readonly ticket: { readonly text: string; readonly url: string | null } | null;
  /** That there is but one way to them; null where they left a contact. */
  readonly reach: string | null;
  /** Null where it does not end. */
  readonly deadline: ReplyDeadline | null;
  readonly noDeadline: string;
  /** It ends before the hour that the list begins with. */
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
  /** It missed a target, or is plainly worse than usual. */
  readonly isBad: boolean;
}

/** The hours of a day side by side. */
export interface HourStrip extends Section<readonly HourColumn[]> {
  /** Which was worst; null where none was. */
  readonly worst: string | null;
  readonly labels: {
    readonly hour: string;
    readonly missed: string;
    readonly chats: string;
    readonly agents: string;
  };
  /** Whether it is known how many agents took chats. */
  readonly hasAgents: boolean;
  /** What the tallest column is; null where all are empty. */
  readonly scale: string | null;
  readonly notes: readonly string[];
}

export interface HourColumn {
  readonly hour: string;
  readonly missed: string;
  readonly chats: string;
  readonly agents: string;
  /** Whole per cent of the tallest. */
  readonly bar: number;
  readonly isWorst: boolean;
  /** It is worst of a day that is bad. */
  readonly isBad: boolean;
}

/** Rates as bars of one scale. */
export interface BarSection extends Section<readonly BarRow[]> {
  readonly head: readonly [of: string, rate: string, missed: string];
  /** What a whole bar is, and what its parts mean. */
  readonly scale: string;
}

export interface BarRow {
  readonly name: string;
  readonly mark: string | null;
  readonly rate: string;
  /** Null where the rate is told by it already. */
  readonly ratio: string | null;
  /** Null of a channel that could not be read. */
  readonly bar: Bar | null;
}

/** Per cent of the room that a bar has, with at most one decimal. */
export interface Bar {
  /** Up to the target, or the whole where there is none. */
  readonly within: number;
  /** What lies beyond the target. */
  readonly beyond: number;
  /** Where the target stands; null where there is none. */
  readonly target: number | null;
}

export interface DaysSection extends Section<readonly DayBar[]> {
  readonly head: readonly [day: string, rate: string, ratio: string];
  readonly scale: string;
  readonly note: string | null;
}

export interface DayBar {
  /** The day of the month. */
  readonly label: string;
  readonly day: string;
  /** In whole per cent, without the sign; empty where there is no report. */
  readonly rate: string;
  readonly ratio: string;
  /** The rate in full, or why there is none. */
  readonly text: string;
  /** Null where there is nothing to show. */
  readonly bar: Bar | null;
  readonly isToday: boolean;
}

/** A figure on this day and on those that it is compared with. */
export interface ChangeSection
  extends Section<readonly { readonly name: string; readonly cells: readonly ChangeCell[] }[]> {
  /** Of the figures, then of each day or days. */
  readonly head: readonly string[];
  readonly note: string;
}

export interface ChangeCell {
  /** Empty where it is not known. */
  readonly value: string;
  /** The day's own, where it is plainly otherwise than one of the others. */
  readonly mark: 'bad' | 'good' | 'strong' | null;
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
  /** Agents who took chats, and how many each held at once; none where that is not known. */
  readonly staff: readonly { readonly name: string; readonly cells: readonly string[] }[];
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

export interface ReasonRow {
  readonly name: string;
  readonly count: string;
  /** Null of a handful. */
  readonly share: string | null;
}

/** The people who answer. Missed chats that no one was given are theirs no more than anyone's, and stand apart. */
export interface AgentSection extends Section<readonly AgentRow[]> {
  readonly head: readonly [agent: string, assigned: string, notTaken: string, wait: string];
  /** How many missed chats were given to no one; null where there was none. */
  readonly unassigned: string | null;
  readonly more: string | null;
}

interface AgentRow {
  readonly name: string;
  readonly assigned: string;
  readonly notTaken: string;
  readonly wait: string;
}

/** What stands under a mail, and nowhere else: lines that end in something to follow. */
export type MailFooter = readonly {
  readonly lead: string;
  /** In place of the lead where there is room for more; left out where it is the same. */
  readonly leadInText?: string;
  readonly text: string;
  readonly url: string;
}[];
