import type { S3Request } from '../aws/s3/s3-request.ts';

/** What a statement of a policy allows in the lake. */
export interface LakeRight {
  readonly actions: readonly string[];
  /** Without account and Region: `arn:aws:s3:::bucket/key*`. */
  readonly resources: readonly string[];
  /** Of what may be listed; null where the statement does not say. */
  readonly prefix: string | null;
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: { readonly StringLike?: { readonly 's3:prefix'?: string } };
}

/** @param resolve what CloudFormation makes of an ARN in the template */
export function readLakeRights(policy: unknown, resolve: (value: unknown) => string): LakeRight[] {
  const { Statement } = policy as { Statement: readonly Statement[] };
  return Statement.filter(({ Action }) => [Action].flat().every((action) => action.startsWith('s3:'))).map(
    ({ Action, Resource, Condition }) => ({
      actions: [Action].flat(),
      resources: [Resource].flat().map(resolve),
      prefix: Condition?.StringLike?.['s3:prefix'] ?? null,
    }),
  );
}

/** What IAM calls it. */
const ACTIONS: Readonly<Partial<Record<S3Request['operation'], string>>> = {
  DeleteObject: 's3:DeleteObject',
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  ListObjectsV2: 's3:ListBucket',
  PutObject: 's3:PutObject',
};

/** Whether IAM would let the request pass. */
export function isAllowed(
  rights: readonly LakeRight[],
  { operation, bucket, key, query }: Pick<S3Request, 'operation' | 'bucket' | 'key' | 'query'>,
): boolean {
  const resource = key === '' ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${key}`;
  return rights.some(
    ({ actions, resources, prefix }) =>
      actions.includes(ACTIONS[operation] ?? operation) &&
      resources.some((pattern) => isLike(resource, pattern)) &&
      (prefix === null || isLike(query.get('prefix') ?? '', prefix)),
  );
}

/** To IAM an asterisk stands for slashes too. */
function isLike(text: string, pattern: string): boolean {
  return new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}$`).test(text);
}
