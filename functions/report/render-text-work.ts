import { capitalized } from './plain-text.ts';
import { wrapped } from './text-layout.ts';
import type { WorkRow, WorkSection } from './view.ts';

/** The lines of the list of who waits, under its title. */
export function workLines({ counts, asOf, groups, unreachable, more, facts, none }: WorkSection): string[] {
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

/** Who it is, what went wrong, until when and how to reach them. */
export function workRowText(row: WorkRow): string {
  const { number, name, said, channels, contacts, ticket, reach, deadline, noDeadline, action } = row;
  const how = [
    capitalized(deadline?.text ?? noDeadline),
    channels,
    ...(action?.kind === 'call' ? [action.text] : []),
    ...contacts,
    ...(ticket === null ? [] : [ticket.text]),
  ];
  return [
    wrapped(name, '     ', `${`${number}.`.padStart(4)} `),
    wrapped(said, '     '),
    wrapped(how.join(' · '), '     '),
    ...(reach === null ? [] : [wrapped(reach, '     ')]),
    ...(ticket?.url ? [`     ${ticket.url}`] : []),
  ].join('\n');
}

function shortRow({ number, name, said, ticket }: WorkRow): string {
  const text = [name, said, ...(ticket === null ? [] : [ticket.text])].join(' · ');
  return wrapped(text, '     ', `${`${number}.`.padStart(4)} `);
}
