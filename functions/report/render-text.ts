import type { MailFooter } from './mail-footer.ts';
import { withAccount } from './named-account.ts';
import { workLines } from './render-text-work.ts';
import { type ReportInput, reportView } from './report.ts';
import { aligned, wrapped } from './text-layout.ts';
import type {
  AgentSection,
  BarSection,
  ChangeCell,
  ChangeSection,
  DaysSection,
  HourStrip,
  ReportView,
  Section,
  WorkSection,
} from './view.ts';

/** The report as plain text, in the order and with the figures of the HTML. */
export function renderText(input: ReportInput, footer: MailFooter = []): string {
  const view = reportView(input);
  const { verdict, why, brief } = view;
  const blocks = [
    textHead(view),
    [
      wrapped(`${verdict.warning}${verdict.lead}${verdict.rest === '' ? '' : ` ${verdict.rest}`}`),
      ...missingLines(view.missing),
      ...view.facts.map((fact) => wrapped(fact)),
      ...(why === null ? [] : [wrapped(`${why.label} ${why.text}`)]),
      ...view.alerts.map((alert) => wrapped(alert, '  ', '! ')),
    ]
      .join('\n')
      .trimEnd(),
    work(view.work),
    ...(brief === null ? figures(view) : briefly(brief)),
    view.revised.body.length === 0 ? null : paragraphs(view.revised),
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

/** Down the page, where a text has more room than across. */
function hours({ title, worst, labels, hasAgents, body, notes }: HourStrip): string {
  // Hours in which no one wrote would make it long, and say nothing.
  const told = body.filter(({ chats }) => chats !== '0');
  const head = [labels.hour, labels.missed, labels.chats, ...(hasAgents ? [labels.agents] : [])] as const;
  const rows = told.map(
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
  // The note names those without a rate.
  const told = body.filter(({ bar }) => bar !== null);
  const rows = told.map(({ day, says, ratio }) => [day, says, says === ratio ? '' : ratio] as const);
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
