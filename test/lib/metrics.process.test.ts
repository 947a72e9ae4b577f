import { describe, expect, test, vi } from 'vitest';
import { powertools } from '../../functions/app/lambda-handler.lambda.ts';
import { CHANNELS } from '../../functions/chats/channel.ts';
import { type LogEvent, openLog } from '../../functions/observability/log.ts';
import { METRIC_UNITS, NAMESPACE } from '../../functions/observability/metrics.ts';
import { propertiesOf } from './find-resource.ts';
import { ofType, synthesize } from './synthesize.ts';

interface Embedded {
  readonly _aws?: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

/** Every event that is counted, of each channel where it is of one. */
const EVENTS: readonly LogEvent[] = [
  ...CHANNELS.flatMap((channel): LogEvent[] => [
    { event: 'page-kept', channel, page: 1, rows: 1, numFound: 1 },
    { event: 'request-repeated', channel, attempt: 1, problem: '', isThrottled: true },
    { event: 'channel-captured', channel, verdict: 'proven', rows: 1 },
    { event: 'channel-measured', channel, chats: 1, missedRate: 0 },
  ]),
  { event: 'channel-silent', channel: 'zalo', since: null },
  { event: 'today-unread', channel: 'zalo', problem: '' },
  { event: 'day-published', chats: 1, missedRate: 0, callbacks: 0, freshnessSeconds: 1 },
  { event: 'run-ended', state: 'reported', ms: 1 },
  { event: 'mail-sent', recipient: 1 },
  { event: 'mail-failed', recipient: 1, problem: '' },
  { event: 'announcement-failed', to: 'eventbridge', problem: '' },
  { event: 'report-awaited', outcome: 'there' },
];

/** What the function writes for CloudWatch, a line an object. */
function embedded(events: readonly LogEvent[], account: string): Embedded[] {
  let said = '';
  const listen = (text: string | Uint8Array): boolean => {
    said += text;
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(listen),
    vi.spyOn(process.stderr, 'write').mockImplementation(listen),
  ];
  try {
    const log = openLog(powertools()).about({ account });
    for (const event of events) log(event);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  const lines = said.trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Embedded).filter(({ _aws }) => _aws);
}

/** As CloudWatch tells metrics apart: by name, and by every dimension with its value. */
function filed(name: string, dimensions: readonly (readonly [string, unknown])[]): string {
  return [name, ...dimensions.map(([of, value]) => `${of}=${value}`).toSorted()].join(' ');
}

const { of, shared } = await synthesize();

describe('what the functions count', () => {
  const lines = ['demo', 'demo-2'].flatMap((account) => embedded(EVENTS, account));
  const counted = new Set(
    lines.flatMap((line) =>
      (line._aws?.CloudWatchMetrics ?? []).flatMap(({ Dimensions, Metrics }) =>
        Dimensions.flatMap((names) =>
          Metrics.map(({ Name }) =>
            filed(
              Name,
              names.map((name) => [name, line[name]] as const),
            ),
          ),
        ),
      ),
    ),
  );

  test('has its own namespace, and the units that are told', () => {
    const directives = lines.flatMap(({ _aws }) => _aws?.CloudWatchMetrics ?? []);
    expect(new Set(directives.map(({ Namespace }) => Namespace))).toEqual(new Set([NAMESPACE]));
    const units = directives.flatMap(({ Metrics }) => Metrics.map(({ Name, Unit }) => [Name, Unit]));
    expect(Object.fromEntries(units)).toEqual(METRIC_UNITS);
  });

  test('is filed as the alarms look for it', () => {
    const watched = ['demo', 'demo-2']
      .flatMap((account) => ofType(of(account).service, 'AWS::CloudWatch::Alarm'))
      .map(([, { Properties }]) => Properties)
      .filter(({ Namespace }) => Namespace === NAMESPACE)
      .map(({ MetricName, Dimensions }) =>
        filed(
          MetricName,
          Dimensions.map(({ Name, Value }: { Name: string; Value: string }) => [Name, Value]),
        ),
      );
    expect(watched.length).toBeGreaterThan(10);
    expect(watched.filter((metric) => !counted.has(metric))).toEqual([]);
  });

  test('is filed as the dashboard of an account shows it', () => {
    const { DashboardBody } = propertiesOf(shared, 'AWS::CloudWatch::Dashboard', {
      DashboardName: 'chat-report-account',
    });
    // The name of the account that is chosen stands in its place.
    const body = JSON.stringify(DashboardBody).replaceAll('\\', '').replaceAll('the-account', 'demo');
    const shown = [...body.matchAll(/\["ChatReport",("\w+"(?:,"[\w-]+")*)/g)].map(([, found]) => {
      const [name = '', ...rest] = JSON.parse(`[${found}]`) as string[];
      const pairs = rest.flatMap((of, at) => (at % 2 === 0 ? [[of, rest[at + 1]] as const] : []));
      return filed(name, pairs);
    });
    expect(shown.length).toBeGreaterThan(25);
    expect(shown.filter((metric) => !counted.has(metric))).toEqual([]);
  });

  test('is found as the dashboard over all accounts looks for it', () => {
    const { DashboardBody } = propertiesOf(shared, 'AWS::CloudWatch::Dashboard', {
      DashboardName: 'chat-report',
    });
    const body = JSON.stringify(DashboardBody).replaceAll('\\', '');
    const searched = [
      ...body.matchAll(/SEARCH\('\{ChatReport,account,service\} MetricName="(\w+)" service="chat-report"'/g),
    ];
    expect(searched).toHaveLength(9);
    for (const [, name = ''] of searched) {
      expect(counted, name).toContain(
        filed(name, [
          ['service', 'chat-report'],
          ['account', 'demo'],
        ]),
      );
    }
  });
});
