/**
 * What a report says, word for word and figure for figure, before it takes a form: every text is finished, so the
 * HTML and the plain text can only differ in layout. Texts of strangers are on one line and cut, not yet escaped.
 */
export interface ReportView {
  readonly lang: string;
  readonly title: string;
  readonly subject: string;
  /** What a mail client shows beside the subject: another fact, not the same again. */
  readonly preheader: string;
  readonly day: string;
  readonly verdict: Verdict;
  /** What stands out plainly, the gravest first. */
  readonly alerts: readonly string[];
  readonly keyFigures: Section<readonly KeyFigure[]>;
  readonly callbacks: CallbackSection;
  readonly channels: Section<readonly ChannelRow[]> & { readonly head: readonly [string, string] };
  readonly hours: HourSection;
  readonly lists: readonly ListSection[];
  /** A line for each earlier day that turned out otherwise; shown where there are any. */
  readonly revised: Section<readonly string[]>;
  readonly notes: Section<readonly string[]>;
}

/** One sentence, its telling figure set off. */
export interface Verdict {
  readonly lead: string;
  readonly figure: string;
  readonly tail: string;
}

export interface Section<T> {
  readonly title: string;
  readonly body: T;
}

export interface KeyFigure {
  readonly label: string;
  readonly value: string;
  readonly notes: readonly string[];
  /** Worth the colour of a warning. */
  readonly bad: boolean;
}

export interface CallbackSection extends Section<readonly CallbackRow[]> {
  readonly head: readonly [customer: string, attempts: string, lastMissed: string];
  /** How many more there are, or that there are none at all. */
  readonly note: string | null;
}

export interface CallbackRow {
  readonly name: string;
  /** Phone and e-mail, as far as known. */
  readonly contacts: readonly string[];
  /** Where and since when they wrote, and the ticket. */
  readonly details: readonly string[];
  readonly attempts: string;
  readonly repeated: boolean;
  readonly lastMissed: string;
}

export interface ChannelRow {
  readonly name: string;
  readonly mark: string | null;
  readonly rate: string;
  readonly ratio: string;
  /** The bar's length, whole per cent of the room it has. */
  readonly bar: number;
}

/** 0 none missed · 1 few or under 10 % · 2 from 10 % · 3 from 20 % with five or more missed. */
export type Shade = 0 | 1 | 2 | 3;

export interface HourSection extends Section<readonly HourCell[]> {
  readonly hourLabel: string;
  readonly chatsLabel: string;
  readonly missedLabel: string;
  readonly legend: string;
  readonly shades: readonly { readonly shade: Shade; readonly label: string }[];
}

export interface HourCell {
  readonly label: string;
  readonly chats: string;
  /** Empty where no chat was missed. */
  readonly missed: string;
  readonly rate: string;
  readonly shade: Shade;
}

export interface ListSection extends Section<readonly ListRow[]> {
  readonly head: readonly [key: string, ratio: string, rate: string, wait: string];
  readonly more: string | null;
}

export interface ListRow {
  readonly name: string;
  readonly ratio: string;
  readonly rate: string;
  readonly wait: string;
}
