import { randomUUID } from 'node:crypto';
import { type LocalServer, serveLocally } from './serve-locally.ts';

/** An event as the bus took it. */
interface BusEvent {
  readonly bus: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
}

/** What befalls a PutEvents: of an entry, with HTTP 200, or of all of it. */
export type EventsFault =
  | { readonly entry: string; readonly says: string }
  | { readonly status: number; readonly code: string; readonly says: string };

export interface Events extends LocalServer {
  /** The events that were taken. */
  readonly events: readonly BusEvent[];
  /** How often events were put, whatever came of it. */
  readonly puts: () => number;
  /** One for each PutEvents to come, the first first. */
  readonly faults: EventsFault[];
}

interface Entry {
  readonly EventBusName?: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

/** EventBridge, as far as events are put on its buses. */
export async function startEvents(): Promise<Events> {
  const events: BusEvent[] = [];
  const faults: EventsFault[] = [];
  let puts = 0;
  const put = ({ EventBusName: bus = 'default', Source, DetailType, Detail }: Entry): void => {
    events.push({ bus, source: Source, detailType: DetailType, detail: JSON.parse(Detail) });
  };
  const server = await serveLocally(({ headers, body }, response) => {
    const answer = (status: number, content: object): void => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(content));
    };
    if (headers['x-amz-target'] !== 'AWSEvents.PutEvents') {
      return answer(400, { __type: 'UnknownOperationException' });
    }
    puts += 1;
    const { Entries } = JSON.parse(body.toString()) as { Entries: Entry[] };
    const fault = faults.shift();
    if (fault && 'status' in fault) return answer(fault.status, { __type: fault.code, message: fault.says });
    if (fault) {
      const failed = Entries.map(() => ({ ErrorCode: fault.entry, ErrorMessage: fault.says }));
      return answer(200, { FailedEntryCount: failed.length, Entries: failed });
    }
    for (const entry of Entries) put(entry);
    answer(200, { FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: randomUUID() })) });
  });
  return { ...server, events, puts: () => puts, faults };
}
