import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ScheduleGroup, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import type { WiredName } from '../functions/config/settings.ts';
import { VENDOR_SETTINGS } from '../functions/sources/vendor.ts';
import type { AccountSecrets } from './account-secrets.ts';
import { AccountAlarms } from './alarms.ts';
import { toArn } from './arns.ts';
import type { CheckedDeployment } from './deployment.ts';
import { lakeUriOf } from './lake.ts';
import { LIVE } from './names.ts';
import { DeadLetters, type NodeFunction } from './node-function.ts';
import { hasMailLinks, OnDemand, openHttpApi } from './on-demand.ts';
import { type CheckedAccount, checkedAgainAt } from './read-account.ts';
import { DailySchedule, FreshnessCheck, Start } from './scheduled-functions.ts';
import type { StackSettings } from './shared-stack.ts';
import { alarmTopicOf, type StateStack } from './state-stack.ts';
import { Workflow } from './workflow.ts';

export interface ServiceStackProps extends StackSettings {
  readonly account: CheckedAccount;
  readonly deployment: CheckedDeployment;
  readonly state: StateStack;
}

/**
 * What runs of an account. It keeps no data, so it can be deleted and made again.
 *
 *     reportAt ─ start ─ workflow ─→ lake, mail, bus, webhooks
 *     reportBy ─ deadline ─→ is it in the lake? ─ if not, and nothing is at work ─ workflow
 *     HTTP ─ api ─→ workflow; reports in the lake
 */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { account, deployment, state, ...props }: ServiceStackProps) {
    const { name, names, timeZone, reportAt, reportBy } = account;
    super(scope, id, {
      ...props,
      description: `chat-report: what runs for ${name}: functions, schedules, alarms.`,
    });
    this.addStackDependency(state);
    const { secrets } = state;

    const deadLetters = new DeadLetters(this, 'DeadLetters', { names });
    const httpApi = account.onDemand ? openHttpApi(this, account) : null;
    const variables = { ...wire(account, secrets, httpApi?.apiEndpoint ?? null), ...account.variables };
    const workflow = new Workflow(this, 'Workflow', {
      account,
      secrets,
      variables,
      deadLetters: deadLetters.runs,
    });
    const ofCalls = {
      account,
      // These functions get the zone even where it is the default, and as schedules spell it.
      variables: { ...variables, TIME_ZONE: timeZone, WORKFLOW_ALIAS_ARN: workflow.alias.functionArn },
      workflow: workflow.alias,
      deadLetters: deadLetters.calls,
    };
    const start = new Start(this, 'Start', ofCalls);
    const check = new FreshnessCheck(this, 'Deadline', ofCalls);
    const onDemand = httpApi && new OnDemand(this, 'OnDemand', { ...ofCalls, secrets, httpApi });

    const group = new ScheduleGroup(this, 'Schedules', {
      scheduleGroupName: names.base,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const daily = { group, timeZone, deadLetters: deadLetters.calls };
    new DailySchedule(this, 'ReportAt', {
      ...daily,
      name: names.function('start'),
      description: `Begins yesterday's report of ${name}`,
      at: reportAt,
      // Accounts with the same hour need not start in the same second.
      window: TimeWindow.flexible(Duration.minutes(5)),
      target: start.alias,
    });
    new DailySchedule(this, 'ReportBy', {
      ...daily,
      name: names.function('deadline'),
      description: `Looks whether yesterday's report of ${name} is there, and begins one more run if not`,
      at: reportBy,
      window: TimeWindow.off(),
      target: check.alias,
    });
    new DailySchedule(this, 'ReportByAgain', {
      ...daily,
      name: `${names.function('deadline')}-again`,
      description: `Looks whether the run that the check began has made yesterday's report of ${name}`,
      at: checkedAgainAt(reportBy),
      window: TimeWindow.off(),
      target: check.alias,
      input: { again: true },
    });

    const functions: readonly NodeFunction[] = [
      workflow,
      start,
      check,
      ...(onDemand ? [onDemand.function] : []),
    ];
    new AccountAlarms(this, 'Alarms', {
      names,
      topic: alarmTopicOf(this, deployment),
      runbookUrl: deployment.runbookUrl,
      functions,
      api: httpApi,
      deadLetters,
    });

    const output = (id: string, value: string, description: string): void => {
      new CfnOutput(this, `${id}Output`, { value, description }).overrideLogicalId(id);
    };
    output(
      'StartFunction',
      `${names.function('start')}:${LIVE}`,
      `Call it to report a day of ${name} by hand`,
    );
    if (httpApi !== null) output('ApiUrl', httpApi.apiEndpoint, `The API of ${name}`);
  }
}

/** The variables that the stacks set themselves. A setting of the account comes before them. What is not named stays unset. */
function wire(
  account: CheckedAccount,
  { token, webhookKey, viewKey }: AccountSecrets,
  apiUrl: string | null,
): Partial<Readonly<Record<WiredName | 'VIEW_URL' | 'PAGES_URL', string>>> {
  const { name, names, eventBus, mailLinks, signIn, variables } = account;
  const hasLinks = hasMailLinks(account);
  return {
    ACCOUNT: name,
    [VENDOR_SETTINGS.tokenSecret]: token.secretArn,
    LAKE_URI: toArn(lakeUriOf(account)),
    MAIL_CONFIGURATION_SET: names.base,
    ...(eventBus !== null && { EVENT_BUS: eventBus }),
    ...(variables.WEBHOOK_URLS !== undefined && { WEBHOOK_KEY_SECRET: webhookKey.secretArn }),
    ...(apiUrl !== null && mailLinks && { VIEW_URL: apiUrl }),
    ...(apiUrl !== null && signIn !== null && { PAGES_URL: `${apiUrl}/pages` }),
    ...((hasLinks || signIn !== null) && { VIEW_KEY_SECRET: viewKey.secretArn }),
  };
}
