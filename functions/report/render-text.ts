import type { MailFooter } from './mail-footer.ts';
import { withAccount } from './named-account.ts';
import { type ReportInput, reportView } from './report.ts';
import { aligned, wrapped } from './text-layout.ts';
import type {
  CallbackRow,
  CallbackSection,
  ChangeCell,
  ChangeSection,
  DaysSection,
  HourSection,
  KeyFigure,
  ListSection,
  ReportView,
  Section,
} from './view.ts';

/** The report as plain text, in the order and with the figures of the HTML. */
export function renderText(input: ReportInput, footer: MailFooter = []): string {
  const view = reportView(input);
  const { verdict } = view;
  const blocks = [
    textHead(view),
    [
      wrapped(`${verdict.warning}${verdict.lead}${verdict.figure}${verdict.tail}`),
      ...missingLines(view.missing),
      ...view.alerts.map((alert) => wrapped(alert, '  ', '! ')),
      ...view.praise.map((text) => wrapped(text, '  ', '+ ')),
    ]
      .join('\n')
      .trimEnd(),
    section(view.keyFigures.title, [
      ...view.keyFigures.body.map(keyFigure),
      view.keyFigures.note === null ? null : wrapped(view.keyFigures.note, '  '),
    ]),
    callbacks(view.callbacks),
    changes(view.changes),
    hours(view.hours),
    channels(view.channels),
    days(view.days),
    ...view.lists.map(list),
    view.revised.body.length === 0 ? null : paragraphs(view.revised),
    paragraphs(view.notes),
    ...footer.map(footerText),
  ];
  return `${blocks.filter((block) => block !== null).join('\n\n')}\n`;
}

function missingLines(missing: ReportView['missing']): string[] {
  if (missing === null) return [];
  const { why, next, without } = missing;
  return ['', wrapped(`${why} ${next}`), '', wrapped(without), ''];
}

export function textHead({ title, account, day }: Pick<ReportView, 'title' | 'account' | 'day'>): string {
  return [withAccount(title.toUpperCase(), account), day].join('\n');
}

export function footerText({ lead, text, url }: MailFooter[number]): string {
  return lead === '' ? `${text}:\n  ${url}` : wrapped(`${lead} ${text}`);
}

function keyFigure({ label, value, change, notes }: KeyFigure): string {
  const all = [...(change === null ? [] : [changeText(change)]), ...notes];
  return wrapped(`${label}: ${value}${all.length > 0 ? ` (${all.join(' · ')})` : ''}`, '    ', '  ');
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

function callbacks({ title, facts, head, body, note }: CallbackSection): string {
  const [, lastMissed, waited] = head;
  const row = (row: CallbackRow, index: number): string => {
    const number = `${index + 1}.`.padStart(4);
    const contacts = row.contacts.map(({ text }) => text);
    const marks = [row.attempts, row.replyBy?.text ?? null].filter((mark) => mark !== null);
    const when = [`${lastMissed} ${row.lastMissed}`, `${waited} ${row.waited}`];
    return [
      wrapped(row.name, '     ', `${number} `),
      wrapped([...when, ...contacts, ...marks, ...row.details].join(' · '), '     '),
    ].join('\n');
  };
  return section(title, [
    ...facts.map((fact) => wrapped(fact, '  ')),
    ...body.map(row),
    note === null ? null : wrapped(note, '  '),
  ]);
}

function changes({ title, head, body, note }: ChangeSection): string {
  const [figure = '', ...against] = head;
  const rows = body.map(
    ({ name, cells }) =>
      [name, ...cells.map((cell) => (cell === null ? '–' : `${changeText(cell)} (${cell.was})`))] as const,
  );
  return section(title, [
    rows.length === 0 ? null : aligned([[figure, ...against], ...rows]),
    wrapped(note, '  '),
  ]);
}

/** A text has no bold. */
function changeText({ change, tone }: ChangeCell): string {
  return tone === 'plain' ? change : `*${change}`;
}

function channels({ title, body }: ReportView['channels']): string {
  const read = body.filter(({ bar }) => bar !== null);
  const rows = aligned(read.map(({ name, rate, ratio }) => [name, rate, ratio ?? '']));
  const missing = body.filter(({ bar }) => bar === null).map(({ name, rate }) => `  ${name}: ${rate}`);
  const marks = body.map(({ name, mark }) => (mark === null ? null : `  ! ${name}: ${mark}`));
  return section(title, [rows, ...missing, ...marks]);
}

/** Down the page, where a text has more room than across. */
function hours({
  title,
  hourLabel,
  chatsLabel,
  labels,
  rows,
  chats,
  facts,
  emptyLegend,
}: HourSection): string | null {
  if (rows.length === 0) return null;
  const head = [hourLabel, ...rows.map(({ name }) => name), chatsLabel] as const;
  const lines = labels.map(
    (label, place) =>
      [label, ...rows.map(({ cells }) => cells[place]?.missed ?? ''), chats[place] ?? ''] as const,
  );
  return section(title, [
    aligned([head, ...lines]),
    ...[emptyLegend, ...facts].map((line) => line && wrapped(line, '  ')),
  ]);
}

function days({ title, head, body, note }: DaysSection): string | null {
  if (body.length === 0) return null;
  const rows = body.map(({ day, says, ratio }) => [day, says, says === ratio ? '' : ratio] as const);
  return section(title, [aligned([head, ...rows]), note === null ? null : wrapped(note, '  ')]);
}

function list({ title, head, body, more }: ListSection): string {
  const rows = body.map(({ name, chats, missed, wait }) => [name, chats, missed, wait] as const);
  return section(title, [aligned([head, ...rows]), more === null ? null : `  ${more}`]);
}
