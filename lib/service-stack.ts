import { Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AccountReport } from './account-report.ts';
import { ReportDashboard } from './dashboard.ts';
import type { CheckedDeployment } from './deployment.ts';
import type { StateStack } from './state-stack.ts';

export interface ServiceStackProps {
  readonly deployment: CheckedDeployment;
  readonly state: StateStack;
}

/** Everything that runs. It keeps no data, so it can be deleted and made again. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, { deployment, state }: ServiceStackProps) {
    super(scope, id, { description: 'chat-report: functions, schedules, alarms and the dashboard.' });

    this.addStackDependency(state);
    const reports = state.accounts.map((accountState) => {
      const { name } = accountState.account;
      const report = new AccountReport(this, `Report-${name}`, { state: accountState, deployment });
      Tags.of(report).add('account', name);
      return report;
    });
    new ReportDashboard(this, 'Dashboard', { reports });
  }
}
