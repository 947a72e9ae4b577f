import { capitalized, withAccount } from '../plain-text.ts';
import type { ReportInput } from '../report-input.ts';
import { reportView } from '../report-view.ts';
import type {
  AgentSection,
  BarSection,
  ChangeCell,
  ChangeSection,
  DaysSection,
  HourStrip,
  MailFooter,
  ReportView,
  Section,
  WorkRow,
  WorkSection,
} from '../view.ts';

/** The report as plain text, for readers and mail programs without HTML. */

/** Old mail programs too show so many columns without breaking a line. */
const COLUMNS = 78;

/**
 * Breaks the text at spaces into lines of at most 78 columns. A longer word has its own line.
 *
 * @param indent the start of each line
 * @param first the start of the first line
 */
export function wrapped(text: string, indent = '', first = indent): string {
  const lines: string[] = [];
  let line = first;
  let width = widthOf(first);
  let isFresh = true;
  for (const word of text.split(' ')) {
    const ofWord = widthOf(word);
    if (!isFresh && width + 1 + ofWord > COLUMNS) {
      lines.push(line);
      line = indent;
      width = widthOf(indent);
      isFresh = true;
    }
    line += isFresh ? word : ` ${word}`;
    // The width is added up, because measuring the whole line for each word is slow.
    width += isFresh ? ofWord : 1 + ofWord;
    isFresh = false;
  }
  return [...lines, line].join('\n');
}

/**
 * The rows as a table of text. The first column is aligned to the left, and is cut where the others leave too little
 * room. The others are aligned to the right. Empty without rows.
 */
export function aligned(rows: readonly (readonly [string, ...string[]])[], indent = '  '): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const others = widths.slice(1).reduce((sum, width) => sum + width + 2, 0);
  const room = Math.max(16, COLUMNS - indent.length - others);
  const firstWidth = Math.min(widths[0] ?? 0, room);
  return rows
    .map(([first, ...rest]) => {
      const cells = rest.map((cell, column) => cell.padStart(padOf(cell, widths[column + 1] ?? 0)));
      const name = cut(first, firstWidth);
      return [indent + name.padEnd(padOf(name, firstWidth)), ...cells].join('  ').trimEnd();
    })
    .join('\n');
}

/** The width in columns. A letter with its accents is one. A wide character, such as an emoji, may need more. */
export function widthOf(text: string): number {
  return [...text.replace(/\p{M}/gu, '')].length;
}

/** The length for `padStart` and `padEnd`, which count UTF-16 units and not columns. */
function padOf(text: string, width: number): number {
  return width + text.length - widthOf(text);
}

function cut(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${[...text].slice(0, width - 1).join('')}…`;
}

/** The lines of the list of waiting customers, without its title. */
function workLines({ counts, asOf, groups, unreachable, more, facts, none }: WorkSection): string[] {
  const lines = (line: string | null): string[] =>
    line === null || line === '' ? [] : [wrapped(line, '  ')];
  return [
    ...lines(none),
    ...lines(counts && [counts.lead, counts.rest].filter((part) => part !== '').join(' ')),
    ...lines(asOf),
    ...groups.flatMap((group) => [...groupHead(group.title, group.note), ...group.rows.map(workRowText)]),
    ...(more === null ? [] : lines(`${more.lead}${more.link?.text ?? ''}${more.tail}`)),
    ...(more?.link ? [`  ${more.link.url}`] : []),
    ...(unreachable === null
      ? []
      : [
          ...groupHead(unreachable.title, unreachable.note),
          ...unreachable.rows.map(shortRow),
          ...lines(unreachable.more),
        ]),
    ...facts.flatMap(lines),
  ];
}

function groupHead(title: string | null, note: string | null): string[] {
  return title === null ? [] : ['', wrapped(title, '  '), ...(note === null ? [] : [wrapped(note, '  ')])];
}

/** A waiting customer: the name, what went wrong, the deadline, and how to reach the customer. */
export function workRowText(row: WorkRow): string {
  const { number, name, sentence, channels, contacts, ticket, reach, deadline, noDeadline, action } = row;
  const how = [
    capitalized(deadline?.text ?? noDeadline),
    channels,
    ...(action?.kind === 'call' ? [action.text] : []),
    ...contacts,
    ...(ticket === null ? [] : [ticket.text]),
  ];
  return [
    wrapped(name, '     ', `${`${number}.`.padStart(4)} `),
    wrapped(sentence, '     '),
    wrapped(how.join(' · '), '     '),
    ...(reach === null ? [] : [wrapped(reach, '     ')]),
    ...(ticket?.url ? [`     ${ticket.url}`] : []),
  ].join('\n');
}

function shortRow({ number, name, sentence, ticket }: WorkRow): string {
  const text = [name, sentence, ...(ticket === null ? [] : [ticket.text])].join(' · ');
  return wrapped(text, '     ', `${`${number}.`.padStart(4)} `);
}

/** The report as plain text. It has the order and the figures of the HTML. @param footer the links below a mail */
export function renderText(input: ReportInput, footer: MailFooter = []): string {
  const view = reportView(input);
  const { lead, why, brief } = view;
  const blocks = [
    textHead(view),
    [
      wrapped(`${lead.warning}${lead.sentence}${lead.rest === '' ? '' : ` ${lead.rest}`}`),
      ...missingLines(view.missing),
      ...view.facts.map((fact) => wrapped(fact)),
      ...(why === null ? [] : [wrapped(`${why.label} ${why.text}`)]),
      ...view.alerts.map((alert) => wrapped(alert, '  ', '! ')),
    ]
      .join('\n')
      .trimEnd(),
    work(view.work),
    ...(brief === null ? figures(view) : briefly(brief)),
    view.restated.body.length === 0 ? null : paragraphs(view.restated),
    paragraphs(view.notes),
    ...footer.map(footerText),
  ];
  return `${blocks.filter((block) => block !== null).join('\n\n')}\n`;
}

function work(list: WorkSection): string | null {
  const lines = workLines(list);
  if (!list.isEmpty) return section(list.title, lines);
  return lines.length === 0 ? null : lines.join('\n');
}

function figures(view: ReportView): (string | null)[] {
  return [
    view.hours && hours(view.hours),
    bars(view.channels),
    days(view.days),
    changes(view.changes),
    view.agents && agents(view.agents),
  ];
}

function briefly({ title, body }: Section<readonly string[]>): string[] {
  return body.length === 0 ? [] : [paragraphs({ title, body })];
}

function missingLines(missing: ReportView['missing']): string[] {
  if (missing === null) return [];
  const { why, next, without } = missing;
  return ['', wrapped(`${why} ${next}`), '', wrapped(without), ''];
}

export function textHead({ title, account, day }: Pick<ReportView, 'title' | 'account' | 'day'>): string {
  return [withAccount(title.toUpperCase(), account), day].join('\n');
}

export function footerText({ lead, leadInText = lead, text, url }: MailFooter[number]): string {
  return lead === '' ? `${text}:\n  ${url}` : wrapped(`${leadInText} ${text}`);
}

function paragraphs({ title, body }: Section<readonly string[]>): string {
  return section(
    title,
    body.map((line) => wrapped(line, '  ')),
  );
}

function section(title: string, lines: readonly (string | null)[]): string {
  return [title.toUpperCase(), ...lines.filter((line) => line !== null)].join('\n');
}

function changes({ title, head, body, note }: ChangeSection): string | null {
  if (body.length === 0) return null;
  const [figure = '', ...daysCompared] = head;
  const rows = body.map(({ name, cells }) => [name, ...cells.map(changeText)] as const);
  return section(title, [
    aligned([[figure, ...daysCompared], ...rows]),
    note === '' ? null : wrapped(note, '  '),
  ]);
}

function changeText({ value, mark }: ChangeCell): string {
  return mark === null ? value : `▲ ${value}`;
}

function bars({ title, body }: BarSection): string {
  const read = body.filter(({ bar }) => bar !== null);
  const rows = aligned(read.map(({ name, rate, ratio }) => [name, rate, ratio ?? '']));
  const missing = body.filter(({ bar }) => bar === null).map(({ name, rate }) => `  ${name}: ${rate}`);
  const marks = body.map(({ name, mark }) => (mark === null ? null : `  ! ${name}: ${mark}`));
  return section(title, [rows === '' ? null : rows, ...missing, ...marks]);
}

/** One line an hour: a text has more room down than across. */
function hours({ title, worst, labels, hasAgents, body, notes }: HourStrip): string {
  // Hours without chats are left out. They would make the table long.
  const shown = body.filter(({ chats }) => chats !== '0');
  const head = [labels.hour, labels.missed, labels.chats, ...(hasAgents ? [labels.agents] : [])] as const;
  const rows = shown.map(
    ({ hour, missed, chats, agents: staff }) => [hour, missed, chats, ...(hasAgents ? [staff] : [])] as const,
  );
  return section(title, [
    worst === null ? null : wrapped(worst, '  '),
    aligned([head, ...rows]),
    ...notes.map((note) => wrapped(note, '  ')),
  ]);
}

function days({ title, head, body, note }: DaysSection): string | null {
  if (body.length === 0) return null;
  // The note names the days without a rate.
  const shown = body.filter(({ bar }) => bar !== null);
  const rows = shown.map(({ day, text, ratio }) => [day, text, text === ratio ? '' : ratio] as const);
  return section(title, [aligned([head, ...rows]), note === null ? null : wrapped(note, '  ')]);
}

function agents({ title, unassigned, head, body, more }: AgentSection): string {
  const rows = body.map(({ name, assigned, notTaken, wait }) => [name, assigned, notTaken, wait] as const);
  return section(title, [
    unassigned === null ? null : wrapped(unassigned, '  '),
    aligned([head, ...rows]),
    more === null ? null : wrapped(more, '  '),
  ]);
}
