import type { Summary } from '../measure/summary.ts';
import { namesApart } from './names-apart.ts';
import type { Scope } from './scope.ts';
import type { AgentSection } from './view.ts';
import { PERCENTILE_FROM, type Voice } from './voice.ts';

/** How much of the list a mail has room for. */
const ROOM = { rows: 8, name: 60, key: 40 };

/** Null where no chat was given to anyone. */
export function agentSection(summary: Summary, { hours }: Scope, voice: Voice): AgentSection | null {
  const { words, format } = voice;
  const say = words.agents;
  const { title, one, none, sheet } = words.dimensions.byAgent;
  const agents = summary.byAgent.filter(({ key }) => key !== null);
  if (agents.length === 0) return null;
  const unassigned = summary.byAgent.find(({ key }) => key === null)?.missed ?? 0;
  const shown = agents.slice(0, ROOM.rows);
  const names = namesApart(shown, none, ROOM);
  const rest = agents.length - shown.length;
  const taken = summary.totals.missed - unassigned;
  return {
    title,
    unassigned:
      unassigned === 0
        ? null
        : [
            ...(hours === null ? [] : [words.allDay]),
            say.unassigned(format.count(unassigned), unassigned),
            ...(taken > 0 ? [say.others(format.count(taken), taken)] : []),
          ].join(' '),
    head: [one, say.assigned, say.notTaken, say.wait],
    body: shown.map((figures, at) => ({
      name: names[at] ?? none,
      assigned: format.count(figures.chats),
      notTaken: format.count(figures.missed),
      wait: figures.waitSeconds.count < PERCENTILE_FROM ? '' : format.duration(figures.waitSeconds.p50),
    })),
    more: rest > 0 ? say.more(format.count(rest), sheet, rest) : null,
  };
}
