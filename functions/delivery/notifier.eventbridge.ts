import {
  EventBridgeClient,
  type EventBridgeClientConfig,
  PutEventsCommand,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import pRetry from 'p-retry';
import { causeCodeOf, redact } from '../observability/redact.ts';
import { toJsonText } from '../text/json.ts';
import { type Notifier, NotNotifiedError, type Told } from './notification.ts';

const CONNECTION_MS = 5_000;
const REQUEST_MS = 10_000;
const RETRIES = 3;
const FIRST_DELAY_MS = 500;
/** Of an entry; EventBridge answers them with 200, so that the SDK does not try again. */
const PASSING: ReadonlySet<string> = new Set(['ThrottlingException', 'InternalFailure', 'InternalException']);

export interface EventBusOptions {
  /** Its name or ARN. */
  readonly bus: string;
  /** Where EventBridge is and who asks, where the environment does not say. */
  readonly client?: Pick<EventBridgeClientConfig, 'endpoint' | 'region' | 'credentials'>;
  /** The wait before an entry that failed is put again; it doubles, with jitter. */
  readonly firstDelayMs?: number;
}

/** The bus was reached, did not take the event, and may yet. */
class EntryRetryError extends NotNotifiedError {}

/** Rules choose by it. */
const TYPES: Readonly<Record<Told['schema'], string>> = {
  'chat-report/published/1': 'ReportPublished',
  'chat-report/changed/1': 'DayChanged',
};

/** Events on a bus of EventBridge: source `chat-report`, what is told as the detail. */
export function openEventBus({ bus, client = {}, firstDelayMs = FIRST_DELAY_MS }: EventBusOptions): Notifier {
  const events = new EventBridgeClient({
    ...client,
    requestHandler: {
      connectionTimeout: CONNECTION_MS,
      requestTimeout: REQUEST_MS,
      socketTimeout: REQUEST_MS,
      throwOnRequestTimeout: true,
    },
  });
  return {
    name: 'eventbridge',
    async announce(told) {
      await pRetry(() => put(events, bus, told), {
        retries: RETRIES,
        minTimeout: firstDelayMs,
        randomize: true,
        shouldRetry: ({ error }) => error instanceof EntryRetryError,
      });
    },
  };
}

async function put(events: EventBridgeClient, bus: string, told: Told): Promise<void> {
  const command = new PutEventsCommand({
    Entries: [
      {
        EventBusName: bus,
        Source: 'chat-report',
        DetailType: TYPES[told.schema],
        Detail: toJsonText(told),
      },
    ],
  });
  try {
    const { FailedEntryCount = 0, Entries = [] } = await events.send(command);
    if (FailedEntryCount > 0) throw explainEntry(bus, Entries[0]);
  } catch (error) {
    if (error instanceof NotNotifiedError) throw error;
    const says = error instanceof Error ? redact(error.message) : '';
    const hint = /AccessDenied/.test(causeCodeOf(error)) ? ' → allow events:PutEvents on it' : '';
    throw new NotNotifiedError(
      `the event bus ${bus} did not take the event: ${causeCodeOf(error)}: ${says}${hint}`,
      { cause: error },
    );
  }
}

function explainEntry(bus: string, entry: PutEventsResultEntry | undefined): NotNotifiedError {
  const { ErrorCode = 'unknown', ErrorMessage = '' } = entry ?? {};
  const problem = `the event bus ${bus} did not take the event: ${ErrorCode}: ${redact(ErrorMessage)}`;
  return PASSING.has(ErrorCode) ? new EntryRetryError(problem) : new NotNotifiedError(problem);
}
