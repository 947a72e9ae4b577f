import type { Quirks } from '../faults/quirks.ts';
import { toJson } from '../json.ts';
import { AGENTS, type Agent, GROUPS, SERVICES } from '../roster.ts';

export const NEIGHBOURS = ['agents', 'groups', 'services'] as const;

/** The small lists that the ids of a chat refer to. */
export type Neighbour = (typeof NEIGHBOURS)[number];

/** The code is `ok` here and `OK` for chats, as in CareSoft. */
export function neighbourBody(neighbour: Neighbour, quirks: Readonly<Quirks>): string {
  return toJson({ code: 'ok', [neighbour]: entriesOf(neighbour, quirks) });
}

function entriesOf(neighbour: Neighbour, { plain }: Readonly<Quirks>): unknown[] {
  const groupName = (name: string): string => (plain.has('renamed-groups') ? `${name} (mới)` : name);
  const hasLeft = (agent: Agent): boolean =>
    !agent.isListed || (plain.has('agents-left') && agent !== AGENTS[0]);
  switch (neighbour) {
    case 'agents':
      return AGENTS.filter((agent) => !hasLeft(agent)).map((agent, index) => ({
        id: agent.id,
        username: agent.name,
        email: agent.email,
        phone_no: `0900000${String(901 + index)}`,
        agent_id: String(50_001 + index),
        group_id: agent.group.id,
        group_name: groupName(agent.group.name),
      }));
    case 'groups':
      return GROUPS.map((group) => ({ group_id: group.id, group_name: groupName(group.name) }));
    case 'services':
      return SERVICES.map((service) => ({
        service_id: service.id,
        service_name: service.name,
        service_type: service.channel.toUpperCase(),
      }));
  }
}
