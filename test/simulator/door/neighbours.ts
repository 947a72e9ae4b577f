import { toJson } from '../json.ts';
import { AGENTS, GROUPS, SERVICES } from '../roster.ts';

export const NEIGHBOURS = ['agents', 'groups', 'services'] as const;

/** The small lists that a chat's columns join with. */
export type Neighbour = (typeof NEIGHBOURS)[number];

/** Here the code is written `ok`, on the chats `OK`, as CareSoft does. */
export function neighbourBody(neighbour: Neighbour): string {
  return toJson({ code: 'ok', [neighbour]: entriesOf(neighbour) });
}

function entriesOf(neighbour: Neighbour): unknown[] {
  switch (neighbour) {
    case 'agents':
      return AGENTS.filter((agent) => agent.isListed).map((agent, index) => ({
        id: agent.id,
        username: agent.name,
        email: agent.email,
        phone_no: `0900000${String(901 + index)}`,
        agent_id: String(50_001 + index),
        group_id: agent.group.id,
        group_name: agent.group.name,
      }));
    case 'groups':
      return GROUPS.map((group) => ({ group_id: group.id, group_name: group.name }));
    case 'services':
      return SERVICES.map((service) => ({
        service_id: service.id,
        service_name: service.name,
        service_type: service.channel.toUpperCase(),
      }));
  }
}
