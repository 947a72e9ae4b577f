import {
  EventBridgeClient,
  type EventBridgeClientConfig,
  PutEventsCommand,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import pRetry from 'p-retry';
import { causeCodeOf, redact } from '../observability/redact.ts';
import { toJsonText } from '../text/write-json.ts';
import { type Notification, type Notifier, NotNotifiedError } from './notification.ts';

const CONNECTION_MS = 5_000;
const REQUEST_MS = 10_000;
const RETRIES = 3;
const FIRST_DELAY_MS = 500;
/** Errors of an entry that may pass. EventBridge answers them with status 200, so the SDK does not repeat. */
const PASSING: ReadonlySet<string> = new Set(['ThrottlingException', 'InternalFailure', 'InternalException']);

export interface EventBusOptions {
  /** Its name or ARN. */
  readonly bus: string;
  /** Overrides the environment. */
  readonly client?: Pick<EventBridgeClientConfig, 'endpoint' | 'region' | 'credentials'>;
  /** The delay before the second attempt. It doubles, with jitter. */
  readonly firstDelayMs?: number;
}

/** The bus did not accept the event, and may accept it later. */
class EntryRetryError extends NotNotifiedError {}

/** The detail types, by which rules select events. */
const TYPES: Readonly<Record<Notification['schema'], string>> = {
  'chat-report/published/1': 'ReportPublished',
  'chat-report/changed/1': 'DayChanged',
};

/** Sends notifications to a bus of EventBridge. The source is `chat-report`, and the detail is the notification. */
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
    async notify(notification) {
      await pRetry(() => put(events, bus, notification), {
        retries: RETRIES,
        minTimeout: firstDelayMs,
        randomize: true,
        shouldRetry: ({ error }) => error instanceof EntryRetryError,
      });
    },
  };
}

async function put(events: EventBridgeClient, bus: string, notification: Notification): Promise<void> {
  const command = new PutEventsCommand({
    Entries: [
      {
        EventBusName: bus,
        Source: 'chat-report',
        DetailType: TYPES[notification.schema],
        Detail: toJsonText(notification),
      },
    ],
  });
  try {
    const { FailedEntryCount = 0, Entries = [] } = await events.send(command);
    if (FailedEntryCount > 0) throw explainEntry(bus, Entries[0]);
  } catch (error) {
    if (error instanceof NotNotifiedError) throw error;
    const message = error instanceof Error ? redact(error.message) : '';
    const hint = /AccessDenied/.test(causeCodeOf(error)) ? ' → allow events:PutEvents on it' : '';
    throw new NotNotifiedError(
      `the event bus ${bus} did not take the event: ${causeCodeOf(error)}: ${message}${hint}`,
      { cause: error },
    );
  }
}

function explainEntry(bus: string, entry: PutEventsResultEntry | undefined): NotNotifiedError {
  const { ErrorCode = 'unknown', ErrorMessage = '' } = entry ?? {};
  const problem = `the event bus ${bus} did not take the event: ${ErrorCode}: ${redact(ErrorMessage)}`;
  return PASSING.has(ErrorCode) ? new EntryRetryError(problem) : new NotNotifiedError(problem);
}
