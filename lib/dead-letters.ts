import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deadLettersName } from './names.ts';

/** What was asked for and given up: kept until somebody has looked at it, at most two weeks. */
export class DeadLetters extends Construct {
  /** Executions of the workflow that failed, ran out of time or were stopped: what they were started with. */
  readonly runs: Queue;
  /** Calls of the schedules and of the two small functions that came to nothing. */
  readonly calls: Queue;

  constructor(scope: Construct, id: string, { account }: { readonly account: string }) {
    super(scope, id);
    this.runs = this.addQueue('Runs', deadLettersName(account, 'runs'));
    this.calls = this.addQueue('Calls', deadLettersName(account, 'calls'));
  }

  private addQueue(id: string, queueName: string): Queue {
    return new Queue(this, id, {
      queueName,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
  }
}
