import { readFile } from 'node:fs/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type * as z from 'zod';
import { systemClock } from '../calendar/clock.system.ts';
import type { Clock } from '../calendar/clock.ts';
import type { FunctionPart, FunctionSettings } from '../config/account.ts';
import { readFunctionSettings } from '../config/settings.ts';
import { WrongSettingsError } from '../config/variables.ts';
import { type Log, type LogSink, openLog } from '../observability/log.ts';
import {
  METRIC_DIMENSIONS,
  METRIC_UNITS,
  measurementsOf,
  NAMESPACE,
  SERVICE,
} from '../observability/metrics.ts';
import type { Launcher } from '../pipeline/run-log.ts';
import type { TokenSource } from '../sources/caresoft/credentials.ts';
import { wellFormed } from '../text/write-json.ts';

/** What every function on AWS works with. */
export interface LambdaPorts<Part extends FunctionPart> {
  readonly settings: FunctionSettings[Part];
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The entry point of a function. It reads the environment at the first event and keeps what it read. It checks each
 * event by the schema and passes it on.
 *
 * @param part whose settings the function gets
 * @returns a handler. It throws WrongSettingsError: the runtime logs all that is wrong with the settings in one line. The stack
 *   of each error that it throws names the sources.
 */
export function lambdaHandler<
  Part extends FunctionPart,
  Schema extends z.ZodType,
  Rest extends readonly unknown[],
  Result,
>(
  part: Part,
  schema: Schema,
  handle: (event: z.output<Schema>, ports: LambdaPorts<Part>, ...rest: Rest) => Promise<Result>,
): (event: unknown, ...rest: Rest) => Promise<Result> {
  let opened: LambdaPorts<Part> | null = null;
  return async (event, ...rest) => {
    try {
      opened ??= openPorts(part);
      return await handle(schema.parse(event), opened, ...rest);
    } catch (error) {
      if (error instanceof Error) await nameSources(error);
      throw error;
    }
  };
}

function openPorts<Part extends FunctionPart>(part: Part): LambdaPorts<Part> {
  const read = readFunctionSettings[part](process.env);
  if ('problems' in read) throw new WrongSettingsError(read.problems);
  const { settings } = read;
  return { settings, clock: systemClock, log: openLog(powertools()).about({ account: settings.name }) };
}

/** A place in a stack: the file of a bundle, line and column. */
const PLACE = /(file:\/\/[^\s()]+\.mjs):(\d+):(\d+)/g;

/**
 * Names the sources in the stack of an error. With `--enable-source-maps` Node would do it. But then it reads every map at each
 * start, and this reads those of the files in the stack when an error is there.
 */
async function nameSources(error: Error): Promise<void> {
  const { stack = '' } = error;
  const files = new Set(Array.from(stack.matchAll(PLACE), ([, file = '']) => file));
  if (files.size === 0) return;
  const { SourceMap } = await import('node:module');
  const read = Array.from(files, async (file) => {
    try {
      return [[file, new SourceMap(JSON.parse(await readFile(new URL(`${file}.map`), 'utf8')))] as const];
    } catch {
      // A place in the bundle tells more than none.
      return [];
    }
  });
  const maps = new Map((await Promise.all(read)).flat());
  const named = stack.replaceAll(PLACE, (place, file, line, column) => {
    const origin = maps.get(file)?.findOrigin(Number(line), Number(column));
    return origin && 'fileName' in origin
      ? `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}`
      : place;
  });
  // Some errors of Node cannot be changed. An assignment would throw another error in their place.
  Reflect.set(error, 'stack', named);
}

/** Starts executions of the workflow, by the ARN of its alias. The SDK loads for the first one, since most events start none. */
export function openLauncher(aliasArn: string): Launcher {
  const opened = once(async () => {
    const { openLambdaLauncher } = await import('../pipeline/launcher.lambda.ts');
    return openLambdaLauncher(aliasArn);
  });
  return { start: async (request) => await (await opened()).start(request) };
}

/** A secret is cached for five minutes. Its SDK loads at the first read. */
export function lazySecret(secretId: string): TokenSource {
  const opened = once(async () => {
    const { openTokenSecret } = await import('../sources/caresoft/credentials.secrets.ts');
    return openTokenSecret({ secretId });
  });
  return { read: async (isForced) => await (await opened()).read(isForced) };
}

/** Makes a value when it is first asked for. It tries again after a failure. */
export function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}

/** Writes each event for CloudWatch Logs as a line of JSON, and its metrics in the embedded metric format. */
export function powertools(): LogSink {
  // The stacks set this variable of Powertools to the prefix of the deployment.
  const serviceName = process.env.POWERTOOLS_SERVICE_NAME?.trim() || SERVICE;
  const logger = new Logger({ serviceName, jsonReplacerFn: wellFormed });
  const metrics = new Metrics({ namespace: NAMESPACE, serviceName });
  return (level, entry) => {
    const { event, ...rest } = entry;
    logger[level](event, rest);
    for (const { name, value, channel } of measurementsOf(entry)) {
      // One line for each value. The dimensions differ, and a buffered value is lost when the function is frozen or dies.
      const metric = metrics.singleMetric();
      metric.addDimension(METRIC_DIMENSIONS.account, entry.account ?? '');
      if (channel !== undefined) metric.addDimension(METRIC_DIMENSIONS.channel, channel);
      metric.addMetric(name, METRIC_UNITS[name], value);
    }
  };
}
