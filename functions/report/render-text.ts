import { linkLabel, type MessageLink } from './message-link.ts';
import { type ReportInput, reportView } from './report.ts';
import { aligned, wrapped } from './text-layout.ts';
import type { CallbackSection, HourSection, ListSection, ReportView, Section } from './view.ts';

/** The report as plain text, in the order and with the figures of the HTML. */
export function renderText(input: ReportInput, link: MessageLink | null = null): string {
  const view = reportView(input);
  const { verdict } = view;
  const blocks = [
    [view.title.toUpperCase(), view.day].join('\n'),
    [
      wrapped(`${verdict.lead}${verdict.figure}${verdict.tail}`),
      ...view.alerts.map((alert) => wrapped(alert, '  ', '! ')),
    ].join('\n'),
    section(
      view.keyFigures.title,
      view.keyFigures.body.map(({ label, value, notes }) =>
        wrapped(`${label}: ${value} (${notes.join(' · ')})`, '    ', '  '),
      ),
    ),
    callbacks(view.callbacks),
    channels(view.channels),
    hours(view.hours),
    ...view.lists.map(list),
    view.revised.body.length === 0 ? null : paragraphs(view.revised),
    paragraphs(view.notes),
    link === null ? null : `${linkLabel(link, input)}:\n  ${link.url}`,
  ];
  return `${blocks.filter((block) => block !== null).join('\n\n')}\n`;
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

function callbacks({ title, head, body, note }: CallbackSection): string {
  const [, attempts, lastMissed] = head;
  const rows = body.map((row, index) => {
    const number = `${index + 1}.`.padStart(4);
    const when = `${lastMissed} ${row.lastMissed} · ${attempts} ${row.attempts}`;
    return [
      wrapped(row.name, '     ', `${number} `),
      wrapped([when, ...row.contacts, ...row.details].join(' · '), '     '),
    ].join('\n');
  });
  return section(title, [...rows, note === null ? null : `  ${note}`]);
}

function channels({ title, body }: ReportView['channels']): string {
  const rows = aligned(body.map(({ name, rate, ratio }) => [name, rate, ratio]));
  const marks = body.map(({ name, mark }) => (mark === null ? null : `  ! ${name}: ${mark}`));
  return section(title, [rows, ...marks]);
}

function hours({ title, hourLabel, missedLabel, chatsLabel, body }: HourSection): string | null {
  if (body.length === 0) return null;
  const rows = body.map(
    ({ label, missed, chats, rate }) => [label, missed === '' ? '0' : missed, chats, rate] as const,
  );
  return section(title, [aligned([[hourLabel, missedLabel, chatsLabel, '%'], ...rows])]);
}

function list({ title, head, body, more }: ListSection): string {
  const rows = body.map(({ name, ratio, rate, wait }) => [name, ratio, rate, wait] as const);
  return section(title, [aligned([head, ...rows]), more === null ? null : `  ${more}`]);
}
