import { CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { addDays, dayAt } from '../../functions/calendar/day.ts';
import { dayBefore } from '../../functions/pipeline/run-log.ts';
import { type Finding, fail, ok } from '../../functions/sources/caresoft/diagnostics/probe.ts';
import { isRecord, parseExactJson } from '../../functions/text/json.ts';
import { ALARMS, type AlarmKind } from '../../lib/alarm-kinds.ts';
import { sharedNames } from '../../lib/names.ts';
import { counted, toClock } from '../status/words.ts';
import { type AccountOnAws, isNew, isThere } from './account-on-aws.ts';
import { CLIENT, examineOne } from './asking.ts';
import { readPlace } from './stacks.ts';

/** Whether alarms reach people, which alarms are on, and what lies in the queues of what failed. */
export async function examineAlarms(onAws: AccountOnAws): Promise<Finding[]> {
  const topic = topicOf(onAws);
  const asked = [
    ...(topic === null
      ? []
      : [examineOne('alarm-topic', 'sns:ListSubscriptionsByTopic', () => examineTopic(topic, onAws))]),
    ...(isThere(onAws.stacks.service)
      ? [
          examineOne('alarms', 'cloudwatch:DescribeAlarms', () => examineStates(onAws)),
          ...(['runs', 'calls'] as const).map((of) =>
            examineOne(`dead-${of}`, 'sqs:GetQueueUrl, sqs:GetQueueAttributes and sqs:ReceiveMessage', () =>
              examineQueue(of, onAws),
            ),
          ),
        ]
      : []),
  ];
  return (await Promise.all(asked)).flat();
}

/** Null where the stack that makes the topic is not there. */
function topicOf({ account, alarms, stacks }: AccountOnAws): string | null {
  if ('topicArn' in alarms) return alarms.topicArn;
  const place = isThere(stacks.shared) ? readPlace(stacks.shared.arn) : null;
  if (place === null) return null;
  const { partition, region, awsAccount } = place;
  return `arn:${partition}:sns:${region}:${awsAccount}:${sharedNames(account.names.prefix).alarmTopic}`;
}

async function examineTopic(topic: string, { alarms }: AccountOnAws): Promise<Finding[]> {
  const client = new SNSClient(CLIENT);
  const found = new Map<string, boolean>();
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic(
    { client },
    { TopicArn: topic },
  )) {
    for (const { Endpoint: endpoint = '', SubscriptionArn: arn = '' } of Subscriptions) {
      found.set(endpoint.toLowerCase(), arn.startsWith('arn:'));
    }
  }
  if ('topicArn' in alarms) {
    const confirmed = [...found.values()].filter(Boolean).length;
    return confirmed > 0
      ? [
          ok(
            'alarm-topic',
            `Alarms go to ${counted(confirmed, 'subscription', 'subscriptions')} of ${topic}.`,
          ),
        ]
      : [
          fail(
            'alarm-topic',
            `Alarms reach no one: ${topic} has no confirmed subscription.`,
            'subscribe to it',
          ),
        ];
  }
  return alarms.addresses.map((address) => {
    const isConfirmed = found.get(address.toLowerCase());
    if (isConfirmed === true) return ok('alarm-address', `Alarms go to ${address}.`);
    const says =
      isConfirmed === undefined
        ? `${address} gets no alarm: it is not subscribed.`
        : `${address} gets no alarm: the subscription is not confirmed.`;
    const again = `aws sns subscribe --topic-arn ${topic} --protocol email --notification-endpoint ${address}`;
    return fail(
      'alarm-address',
      says,
      `tap the link in the mail from AWS Notifications; this sends it again: ${again}`,
    );
  });
}

async function examineStates(onAws: AccountOnAws): Promise<Finding[]> {
  const { account } = onAws;
  const client = new CloudWatchClient(CLIENT);
  // An alarm's name has its kind last.
  const search = { AlarmNamePrefix: account.names.alarm('') };
  const alarms: MetricAlarm[] = [];
  for await (const page of paginateDescribeAlarms({ client }, search)) {
    alarms.push(...(page.MetricAlarms ?? []));
  }
  if (alarms.length === 0) return [fail('alarms', 'There is no alarm.', `npm run deploy -- ${account.name}`)];
  const on = alarms.filter((alarm) => alarm.StateValue === 'ALARM' || (isSilent(alarm) && !isNew(onAws)));
  return on.length > 0
    ? on.map((alarm) => tellOf(alarm, onAws))
    : [ok('alarms', `None of ${counted(alarms.length, 'alarm', 'alarms')} is on.`)];
}

function tellOf(
  { AlarmName: name = '', StateTransitionedTimestamp: at }: MetricAlarm,
  onAws: AccountOnAws,
): Finding {
  const { account } = onAws;
  const [written] = name.slice(account.names.alarm('').length).split(' ');
  const kind = ALARM_KINDS.find((one) => one === written) ?? null;
  const since = at === undefined ? '' : ` since ${toClock(at.toISOString(), account)}`;
  const meaning = kind === null ? '' : ` ${ALARMS[kind].meaning}`;
  return fail('alarm', `The alarm "${name}" is on${since}.${meaning}`, actionsOf(kind, onAws));
}

const ALARM_KINDS = Object.keys(ALARMS).filter((kind) => isKind(kind));

function isKind(kind: string): kind is AlarmKind {
  return Object.hasOwn(ALARMS, kind);
}

/** The alarm of a check that did not come goes off where there are no data. */
function isSilent({ InsufficientDataActions: actions = [], StateValue }: MetricAlarm): boolean {
  return StateValue === 'INSUFFICIENT_DATA' && actions.length > 0;
}

function actionsOf(kind: AlarmKind | null, { account, now }: AccountOnAws): string {
  if (kind === null) return 'see docs/runbook.md';
  const yesterday = addDays(dayAt(now, account.timeZone), -1);
  const toWords = (action: string): string =>
    action.replaceAll('<account>', account.name).replaceAll('<day>', yesterday);
  return ALARMS[kind].actions.map(toWords).join('\n');
}

const MOST_LETTERS = 10;

async function examineQueue(of: 'runs' | 'calls', { account, toCommand }: AccountOnAws): Promise<Finding[]> {
  const id = `dead-${of}`;
  const client = new SQSClient({ ...CLIENT, useQueueUrlAsEndpoint: false });
  const name = account.names.deadLetters(of);
  const { QueueUrl: url = '' } = await client.send(new GetQueueUrlCommand({ QueueName: name }));
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  const count = Number(Attributes.ApproximateNumberOfMessages ?? 0);
  if (count === 0) return [ok(id, `The queue ${name} is empty.`)];
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: MOST_LETTERS,
      // Others see them all the same.
      VisibilityTimeout: 0,
      MessageAttributeNames: ['All'],
    }),
  );
  const letters = Messages.map(({ Body = '', MessageAttributes: attributes = {} }) => {
    const why = attributes.ERROR_MESSAGE?.StringValue ?? attributes.ErrorMessage?.StringValue ?? null;
    return { ...readLetter(Body, account.timeZone), why };
  });
  const what = letters.map(({ what: text, why }) => `${text}${why === null ? '' : ` (${firstLine(why)})`}`);
  const says = `The queue ${name} holds ${counted(count, 'message', 'messages')}: ${[...new Set(what)].join('; ')}.`;
  const days = [...new Set(letters.flatMap(({ day }) => day ?? []))];
  const looks = days.map((day) => toCommand(`why --day ${day}`));
  const empty = `once its days are reported, empty it: aws sqs purge-queue --queue-url ${url}`;
  return [fail(id, says, [...looks, empty].join('\n'))];
}

/** What was called in vain: a run by its name, or the call of a schedule. */
function readLetter(body: string, timeZone: string): { readonly what: string; readonly day: string | null } {
  try {
    const letter = parseExactJson(body);
    if (isRecord(letter) && typeof letter.run === 'string') {
      return { what: letter.run, day: typeof letter.day === 'string' ? letter.day : null };
    }
    if (isRecord(letter) && typeof letter.scheduledTime === 'string') {
      const { scheduledTime: at } = letter;
      return {
        what: `the call of ${at}`,
        day: Number.isNaN(Date.parse(at)) ? null : dayBefore(at, timeZone),
      };
    }
    if (isRecord(letter) && typeof letter.day === 'string') {
      return { what: `the request for ${letter.day}`, day: letter.day };
    }
  } catch {
    // Its body is of no use then.
  }
  return { what: 'a message that cannot be read', day: null };
}

const MOST_TEXT = 160;

function firstLine(text: string): string {
  const [line = ''] = text.split('\n');
  return line.length > MOST_TEXT ? `${line.slice(0, MOST_TEXT)} …` : line;
}
