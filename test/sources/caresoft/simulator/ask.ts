import type { Channel } from '../../../../functions/chats/channel.ts';
import type { SourceRow } from '../../../../functions/sources/caresoft/simulator/account/wire-row.ts';
import type { Simulator } from '../../../../functions/sources/caresoft/simulator/simulator.ts';

/** How the tests of this room speak to the simulator: with fetch, over a real socket. */

export interface Asked {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

export interface ChatsBody {
  readonly code: string;
  readonly numFound: number;
  readonly chats: readonly SourceRow[];
}

export type Params = Readonly<Record<string, string | number>> | readonly (readonly [string, string])[];

const CODES = { livechat: '0', messenger: '1', zalo: '3' } as const;

export async function ask(simulator: Simulator, path: string, token = simulator.token): Promise<Asked> {
  const response = await fetch(`${simulator.baseUrl}${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

/** Asks with a second of margin on either side, as a careful caller does. */
export function chatsPath(channel: Channel, day: string, more: Params = {}): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const bound = (at: number): string => new Date(at).toISOString().replace('.000', '');
  const params = new URLSearchParams({
    conversation_type: CODES[channel],
    start_time_since: bound(midnight - 1_000),
    start_time_to: bound(midnight + 86_400_000),
  });
  const added = Array.isArray(more) ? more : Object.entries(more);
  for (const [name, value] of added) params.append(name, String(value));
  return `/api/v1/chats?${params}`;
}

export async function askChats(
  simulator: Simulator,
  channel: Channel,
  day: string,
  more: Params = {},
): Promise<ChatsBody> {
  const { status, text } = await ask(simulator, chatsPath(channel, day, more));
  if (status !== 200) throw new Error(`the simulator answered ${status}: ${text}`);
  return JSON.parse(text);
}

/** Every row that the pages hold, in the order in which they come, and what each page said. */
export async function walk(
  simulator: Simulator,
  channel: Channel,
  day: string,
  more: Readonly<Record<string, string | number>> = {},
): Promise<{ rows: readonly SourceRow[]; sizes: number[]; found: number[] }> {
  const rows: SourceRow[] = [];
  const sizes: number[] = [];
  const found: number[] = [];
  for (let page = 1; ; page += 1) {
    const body = await askChats(simulator, channel, day, { count: 500, ...more, page });
    found.push(body.numFound);
    if (body.chats.length === 0) return { rows, sizes, found };
    rows.push(...body.chats);
    sizes.push(body.chats.length);
  }
}

/** The rows of a day that are objects, so that their columns can be read. */
export function columnsOf(simulator: Simulator, channel: Channel, day: string): SourceRow[] {
  return simulator
    .rows(channel, day)
    .filter((row): row is SourceRow => typeof row === 'object' && row !== null);
}
