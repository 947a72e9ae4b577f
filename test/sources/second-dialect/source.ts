import { CHANNELS, type Channel } from '../../../functions/chats/channel.ts';
import type { Answer, ChatSource, Slice } from '../../../functions/sources/source.ts';
import { SECOND_DIALECT } from './dialect.ts';

export type Talk = Readonly<Record<string, unknown>>;

const WORDS = { answered: 'served', missed: 'lost' } as const;

/** A source that holds these rows in memory, and answers in its own dialect. */
export function secondSource(
  talks: Readonly<Record<Channel, readonly Talk[]>>,
  labels: Readonly<Record<string, string>>,
): ChatSource & { readonly asked: string[] } {
  const asked: string[] = [];
  const find = ({ channel, window, status }: Slice) =>
    talks[channel].filter((talk) => {
      const start = SECOND_DIALECT.startOf(talk);
      const isOfStatus = status === undefined || talk.outcome === WORDS[status];
      return start !== null && start >= window.since && start <= window.to && isOfStatus;
    });
  const answer = (params: string, content: object, rows: readonly unknown[]): Answer => {
    asked.push(params);
    const at = new Date().toISOString();
    const body = Buffer.from(JSON.stringify({ fine: true, ...content }));
    return { params, status: 200, body, rows, askedAt: at, answeredAt: at };
  };
  return {
    asked,
    count: async (slice) => find(slice).length,
    async answer(slice, { page, size }) {
      const found = find(slice);
      const rows = found.slice((page - 1) * size, page * size);
      const total = found.length;
      return { ...answer(SECOND_DIALECT.queryOf(slice), { total, talks: rows }, rows), numFound: total };
    },
    async names(kind) {
      const name = { agents: 'staff', groups: 'teams', services: 'shops' }[kind];
      const field = { agents: 'clerk', groups: 'team', services: 'shop' }[kind];
      const keys = new Set(CHANNELS.flatMap((channel) => talks[channel].map((talk) => talk[field])));
      const entries = [...keys].flatMap((key) =>
        typeof key === 'string' ? [{ key, label: labels[key] ?? key }] : [],
      );
      return answer(kind, { [name]: entries }, entries);
    },
  };
}
