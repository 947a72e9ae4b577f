import type { ChatSource } from '../capture/source.ts';
import { countOf, type Finding, note, ok } from './finding.ts';
import type { Troubles } from './troubles.ts';

const DIRECTORIES = [
  { name: 'agents', noun: 'agent', without: 'agents are shown by the names that chats carry' },
  { name: 'groups', noun: 'group', without: 'groups are shown by the names that chats carry' },
  { name: 'services', noun: 'service', without: 'pages and accounts are shown by their ids' },
] as const;

/** Whether the lists of names answer. A report stands without them. */
export async function* checkDirectories(
  caresoft: Pick<ChatSource, 'names'>,
  troubles: Troubles,
): AsyncGenerator<Finding> {
  for (const { name, noun, without } of DIRECTORIES) {
    yield await troubles.attempt(
      async () => {
        const { rows } = await caresoft.names(name);
        return ok(name, `/${name} lists ${countOf(rows.length, noun)}.`);
      },
      ({ finding }) =>
        note(name, `/${name} gives no names: ${finding.says}`, `nothing, if it stays: ${without}`),
    );
  }
}
