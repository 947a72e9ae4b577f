import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import type { StackKind } from '../../lib/names.ts';
import { CLIENT } from './asking.ts';

/** The stacks of an account, as AWS has them. */

export interface StackState {
  readonly name: string;
  /** As CloudFormation spells it. Null where there is no such stack. */
  readonly status: string | null;
  /** ISO 8601; null where there is none. */
  readonly changedAt: string | null;
  /** When it was made first, ISO 8601; null where there is none. */
  readonly createdAt: string | null;
  /** Why its last change failed first; null where it did not, or where CloudFormation does not say. */
  readonly problem: string | null;
  readonly arn: string | null;
  readonly outputs: Readonly<Record<string, string>>;
}

/** The outputs that others take. */
export type OutputName =
  | 'LakeUri'
  | 'TokenSecret'
  | 'WebhookKeySecret'
  | 'ViewKeySecret'
  | 'ApiUrl'
  | 'StartFunction';

/** The stacks that an account needs, by what they are for. */
export type StackStates = Readonly<Record<StackKind | 'shared', StackState>>;

export function openCloudFormation(): CloudFormationClient {
  return new CloudFormationClient(CLIENT);
}

/** @throws the SDK's error where AWS cannot be asked */
export async function readStack(client: CloudFormationClient, name: string): Promise<StackState> {
  const none = {
    name,
    status: null,
    changedAt: null,
    createdAt: null,
    problem: null,
    arn: null,
    outputs: {},
  };
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    if (stack === undefined) return none;
    const { StackStatus: status = '', StackId: arn = null, Outputs = [] } = stack;
    const changed = stack.LastUpdatedTime ?? stack.CreationTime;
    return {
      name,
      status,
      changedAt: changed?.toISOString() ?? null,
      createdAt: stack.CreationTime?.toISOString() ?? null,
      problem: /FAILED|ROLLBACK/.test(status) ? await findFirstFailure(client, name) : null,
      arn,
      outputs: Object.fromEntries(
        Outputs.flatMap(({ OutputKey: of, OutputValue: value }) => (of && value ? [[of, value]] : [])),
      ),
    };
  } catch (error) {
    if (error instanceof Error && isNotThere(error)) return none;
    throw error;
  }
}

function isNotThere({ name, message }: Error): boolean {
  return name === 'ValidationError' && /does not exist/.test(message);
}

/** CloudFormation lists the newest event first. Resources that were cancelled with the first one tell nothing. */
async function findFirstFailure(client: CloudFormationClient, name: string): Promise<string | null> {
  try {
    const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: name }));
    const begins = StackEvents.findIndex(
      ({ PhysicalResourceId: id, StackId: stack, ResourceStatus: status = '' }) =>
        id === stack && /^(?:CREATE|UPDATE|DELETE)_IN_PROGRESS$/.test(status),
    );
    const ofLast = begins < 0 ? StackEvents : StackEvents.slice(0, begins);
    const failed = ofLast.findLast(
      ({ ResourceStatus: status = '', ResourceStatusReason: reason = '' }) =>
        status.endsWith('_FAILED') && reason !== '' && !/cancelled/i.test(reason),
    );
    return failed ? `${failed.LogicalResourceId}: ${failed.ResourceStatusReason}` : null;
  } catch {
    return null;
  }
}

/** The place of a stack: its partition, Region and AWS account. Null without an ARN. */
export function readPlace(
  arn: string | null,
): { readonly partition: string; readonly region: string; readonly awsAccount: string } | null {
  const [, partition, region, awsAccount] =
    /^arn:([\w-]+):cloudformation:([\w-]+):(\d{12}):/.exec(arn ?? '') ?? [];
  return partition === undefined || region === undefined || awsAccount === undefined
    ? null
    : { partition, region, awsAccount };
}

/** What is wrong with a stack, and the command that mends it. Null for one that stands. */
export function explainStack(
  { name, status, problem }: Pick<StackState, 'name' | 'status' | 'problem'>,
  account: string,
): { readonly says: string; readonly do: string; readonly isUsable: boolean } | null {
  const deploy = `npm run deploy -- ${account}`;
  const why = problem === null ? '' : ` ${problem.replace(/\.?$/, '.')}`;
  const tell = (says: string, todo: string, isUsable = false) => ({
    says: `${says}${why}`,
    do: todo,
    isUsable,
  });
  switch (status) {
    case null:
      return tell(`The stack ${name} is not there.`, deploy);
    case 'CREATE_COMPLETE':
    case 'UPDATE_COMPLETE':
    case 'IMPORT_COMPLETE':
    case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS':
      return null;
    case 'UPDATE_ROLLBACK_COMPLETE':
    case 'IMPORT_ROLLBACK_COMPLETE':
      return tell(
        `The last change of the stack ${name} failed, and it has what it had before.`,
        `mend what is named, then ${deploy}`,
        true,
      );
    case 'ROLLBACK_COMPLETE':
    case 'ROLLBACK_FAILED':
    case 'CREATE_FAILED':
      return tell(
        `The stack ${name} could not be made (${status}).`,
        `mend what is named, then ${deploy}, which makes it from the beginning`,
      );
    case 'REVIEW_IN_PROGRESS':
      return tell(`The stack ${name} was never made: its deployment ended before.`, deploy);
    case 'UPDATE_ROLLBACK_FAILED':
      return tell(
        `The stack ${name} cannot go back to what it was (${status}).`,
        `mend what is named, then aws cloudformation continue-update-rollback --stack-name ${name}, then ${deploy}`,
        true,
      );
    case 'DELETE_FAILED':
      return tell(
        `The stack ${name} could not be deleted (${status}).`,
        `mend what is named, then aws cloudformation delete-stack --stack-name ${name}`,
      );
    default:
      return status.endsWith('_IN_PROGRESS')
        ? tell(
            `A change of the stack ${name} is under way (${status}).`,
            `look again after aws cloudformation describe-stack-events --stack-name ${name} tells of its end`,
            true,
          )
        : tell(
            `The last change of the stack ${name} failed (${status}).`,
            `mend what is named, then ${deploy}`,
            true,
          );
  }
}
